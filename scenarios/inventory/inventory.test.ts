import { readFileSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { inventoryBounds, inventorySchema, type PartName, partNames } from '../../harness/inventory.ts';
import { hostGuest } from '../../test/host-guest.ts';
import { scratchDirectory } from '../../test/scratch.ts';
import { etcScript } from './etc.ts';
import { readFacts } from './facts.ts';
import { setuidScript } from './setuid.ts';
import { readInventory, takeInventory, unpack } from './take.ts';

/** This host with programs that say what a test wants. */
async function guestWith(programs: Record<string, string>) {
  const bin = await scratchDirectory();
  // The host's files are too many, and none of a test's business.
  for (const [name, body] of Object.entries({ find: 'exit 0', nix: 'exit 1', ...programs })) {
    await writeFile(join(bin, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return hostGuest({ env: { PATH: [bin, process.env['PATH']].join(delimiter) } });
}

describe('a guest that is this host', () => {
  it('tells every part, or why it cannot, in the documented form', async () => {
    const guest = await guestWith({
      systemctl: `case "$*" in *list-units*) printf '%s\\n' 'a.service loaded failed failed A thing' 'ssh.service loaded active running OpenSSH' 'x.target loaded active active X' 'dev-x.device loaded active plugged X' 'b.service loaded inactive dead B';;
*'Result -- a.service ssh.service') printf 'BusName=\\nId=ssh.service\\nResult=success\\n\\nId=a.service\\nResult=exit-code\\n';; *) exit 1;; esac`,
      sshd: "[ $1 = -T ] && printf 'PermitRootLogin yes\\nport 22\\nport 23\\n'",
    });
    const inventory = await takeInventory({
      ...guest,
      boot: { phases: { kernel: 1.5 }, serialAutologin: null },
    });
    expect(inventorySchema.parse(JSON.parse(JSON.stringify(inventory)))).toEqual(inventory);
    expect(inventory.parts).toMatchObject({
      os: { facts: { ID: expect.stringMatching(/\w/) } },
      kernel: { facts: { release: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim() } },
      units: {
        facts: { 'a.service': 'failed', 'ssh.service': 'active', 'x.target': 'active' },
      },
      failed: { facts: { 'a.service': 'exit-code' } },
      sshd: { facts: { permitrootlogin: 'yes', port: '22; 23' } },
      users: { facts: { root: expect.stringMatching(/^0:0 \/root \S+, password \w+$/) } },
      groups: { facts: { root: '0' } },
      settings: { facts: { 'host name': hostname(), 'time zone': expect.any(String) } },
      // Nobody said nothing: these programs failed.
      etc: { unread: 'the guest said nothing' },
      nix: { unread: expect.stringMatching(/^exit status \d+/) },
      boot: { unread: 'exit status 1' },
    });
  });

  it('keeps the digests of what is in /etc, and no secret', async () => {
    // The real find, on files of a test's own.
    const guest = await guestWith({ find: 'case $1 in /etc) exec /usr/bin/find "$@";; esac' });
    const { parts } = await takeInventory(guest);
    const files = 'facts' in parts.etc ? Object.keys(parts.etc.facts) : [];
    expect(files).toContain('/etc/passwd');
    expect(files.filter((name) => /shadow|machine-id|ssh_host|private|mtab|resolv/.test(name))).toEqual([]);
  });

  it('tells the time zone though its file is not there, and the target beside it', async () => {
    const readlink = `case $1$2 in -f/etc/localtime) shift 2; /usr/bin/readlink -f "$@"; exit 1;; /etc/localtime) echo /usr/share/zoneinfo/Etc/UTC;; *) exec /usr/bin/readlink "$@";; esac`;
    const settings = async (programs: Record<string, string>) => {
      const { parts } = await takeInventory(await guestWith(programs));
      return 'facts' in parts.settings ? parts.settings.facts : {};
    };
    expect(await settings({ readlink })).toEqual({ ...(await settings({})), 'time zone': 'Etc/UTC' });
  });

  it('counts no second of a boot in which the host gave it no processor', async () => {
    const phases = { userspace: 20, shell: 50 };
    const guest = await guestWith({
      systemctl: `case $* in *Finish*) printf '%s\\n' UserspaceTimestampMonotonic=9000000 FinishTimestampMonotonic=49000000;; *) exit 1;; esac`,
    });
    const starved = { userspace: 4, shell: 14 };
    const { parts } = await takeInventory({ ...guest, boot: { phases, starved, serialAutologin: null } });
    expect(parts.boot).toEqual({
      facts: {
        userspace: '16.000',
        shell: '36.000',
        'systemd kernel': '9.000',
        'systemd userspace': '26.667',
      },
    });
  });

  it('of /etc keeps the content of what everybody may read, and of a link where it leads', async () => {
    const root = await scratchDirectory();
    const [store, etc] = [join(root, 'store'), join(root, 'etc')];
    await mkdir(join(store, 'made/dir'), { recursive: true });
    await mkdir(join(etc, 'sub'), { recursive: true });
    await writeFile(join(store, 'made/file'), 'made\n');
    await writeFile(join(etc, 'sub/plain'), 'plain\n', { mode: 0o644 });
    await writeFile(join(etc, 'secret'), 'secret\n', { mode: 0o600 });
    await writeFile(join(etc, 'machine-id'), '1\n', { mode: 0o644 });
    await writeFile(join(etc, 'two\nlines'), '1\n', { mode: 0o644 });
    await symlink(join(store, 'made/file'), join(etc, 'made'));
    await symlink(join(store, 'made/dir'), join(etc, 'made-dir'));
    await symlink('../secret', join(etc, 'sub/to-secret'));
    await symlink('/usr/share/absent', join(etc, 'dangling'));
    const script = etcScript.replaceAll('/etc', etc).replaceAll('/nix/store', store);
    const { stdout } = await execa('sh', ['-c', `say() { printf '%s\\n' "$1"; }\nn='\n'\n${script}`]);
    const facts = read(
      'etc',
      ...String(stdout).replaceAll(etc, '/etc').replaceAll(store, '/nix/store').split('\n'),
    );
    expect(facts).toEqual({
      '/etc/dangling': '→ /usr/share/absent',
      '/etc/made': '9ccbd3f1b19a1cdf',
      '/etc/made-dir': '→ /nix/store/made/dir',
      '/etc/sub/plain': 'dacf36547c7774a0',
      '/etc/sub/to-secret': '→ ../secret',
    });
  });

  it('setuid programs are looked for wherever their bits count', async () => {
    const root = await scratchDirectory();
    const mounted = async (name: string, options: string): Promise<string> => {
      await mkdir(join(root, name, 'share'), { recursive: true });
      await writeFile(join(root, name, 'share/door'), '#!/bin/sh\n');
      await chmod(join(root, name, 'share/door'), 0o4755);
      return `/dev/sda1 ${join(root, name)} ext4 ${options} 0 0`;
    };
    const mounts = join(root, 'mounts');
    await writeFile(
      mounts,
      `${await mounted('usr', 'rw')}\n${await mounted('home', 'rw,nosuid,relatime')}\nsystemd-1 ${join(root, 'home')} autofs rw 0 0\n`,
    );
    const script = setuidScript.replaceAll('/proc/mounts', mounts);
    const { stdout } = await execa('sh', ['-c', `say() { printf '%s\\n' "$1"; }\n${script}`]);
    expect([...readFacts.setuid(String(stdout).split('\n')).keys()]).toEqual([join(root, 'usr/share/door')]);
  });

  it('takes no program’s failure for an answer, and no secret of nix', async () => {
    const failing = await guestWith({ systemctl: 'echo "Failed to connect to bus" >&2; exit 1' });
    const { parts } = await takeInventory(failing);
    for (const name of ['units', 'failed'] as const)
      expect(parts[name]).toEqual({ unread: 'exit status 1: Failed to connect to bus' });
    const nix = await guestWith({ nix: 'echo "access-tokens = github.com=ghp_secret"; echo "cores = 0"' });
    expect((await takeInventory(nix)).parts.nix).toEqual({ facts: { cores: '0' } });
  });

  it('says of what is missing that it is', async () => {
    const bin = await scratchDirectory();
    await mkdir(join(bin, 'usr'));
    const guest = await guestWith({ sshd: 'echo "no hostkeys available -- exiting." >&2; exit 1' });
    const { parts } = await takeInventory(guest);
    expect(parts.store).toEqual({ lacks: 'no NixOS system profile' });
    expect(parts.sshd).toEqual({ unread: 'exit status 1: no hostkeys available -- exiting.' });
  });
});

const asked = async () => ({ ...(await hostGuest()), nonce: 'marksmarksma' });
const text = (...lines: string[]): string => lines.join('\n');

describe('what a guest says that is hostile or broken', () => {
  it('is not unpacked without bound, and need not be packed', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => unpack(bomb)).toThrow(/larger than/);
    expect(() => unpack(Uint8Array.from([0x1f, 0x8b, 1, 2, 3]))).toThrow();
    expect(unpack(gzipSync('a\n'))).toBe('a\n');
    expect(unpack(Buffer.from('a\n'))).toBe('a\n');
  });

  it('is no inventory where nothing was said, and every part says so', async () => {
    const { parts } = readInventory('', await asked(), 1);
    expect(partNames.filter((name) => 'unread' in parts[name])).toEqual(partNames);
  });

  it('does not reach beyond its part, is not taken twice, and is bounded', async () => {
    const many = Array.from({ length: 20_001 }, (_, index) => `m${index}`);
    const inventory = readInventory(
      text(
        'marksmarksma os',
        `NAME="${'x'.repeat(5000)}"`,
        '__proto__=polluted',
        'wrong os',
        'marksmarksma end 0 ',
        'marksmarksma os',
        'NAME=second',
        'marksmarksma end 0 ',
        'marksmarksma nonsense',
        'a=b',
        'marksmarksma end 0 ',
        'marksmarksma modules',
        ...many,
        'marksmarksma end 0 ',
        'marksmarksma groups',
        'root:x:0:',
      ),
      await asked(),
      1,
    );
    const { os, modules, groups } = inventory.parts;
    // Cut, and not the second one's.
    expect('facts' in os && os.facts['NAME']).toMatch(/^"?x{980,}…[0-9a-f]{16}$/);
    expect(Object.getPrototypeOf({})['polluted']).toBeUndefined();
    expect(modules).toEqual({
      unread: 'the guest told 20001 of them, more than the 20000 that are kept',
    });
    expect(groups).toEqual({ unread: 'the guest said too much, or ended before it was told' });
    expect(() => inventorySchema.parse(JSON.parse(JSON.stringify(inventory)))).not.toThrow();
  });
});

it('what differs beyond what is kept differs all the same, names and values', async () => {
  const long = 'x'.repeat(5000);
  const facts = async (...words: string[]) => {
    const said = text('marksmarksma commandLine', words.join(' '), 'marksmarksma end 0 ');
    const { commandLine } = readInventory(said, await asked(), 1).parts;
    return 'facts' in commandLine ? commandLine.facts : {};
  };
  expect(await facts(`a=${long}1`)).not.toEqual(await facts(`a=${long}2`));
  expect(Object.keys(await facts(`${long}1`, `${long}2`))).toHaveLength(2);
  const [[name = '', value = ''] = []] = Object.entries(await facts(`${long}=${long}`));
  expect([name.length, value.length]).toEqual([inventoryBounds.name, inventoryBounds.value]);
});

it('a unit’s name as long as all that is taken costs no time', () => {
  // By an expression that goes back over it this takes hours.
  const name = '@'.repeat(2 * 2 ** 20);
  expect(readFacts.units([`unit ${name}.service loaded active running`]).size).toBe(1);
});

const read = (name: PartName, ...lines: string[]) => Object.fromEntries(readFacts[name](lines));

describe('the parts', () => {
  it('packages: by name and versions, of a closure as of dpkg', () => {
    const store = `nix /nix/store/${'a'.repeat(32)}`;
    expect(
      read(
        'packages',
        `${store}-openssl-3.4.1`,
        `${store}-openssl-3.4.1-bin`,
        `${store}-etc`,
        `${store}-gcc-wrapper-14.2`,
      ),
    ).toEqual({ openssl: '3.4.1 3.4.1-bin', etc: '', 'gcc-wrapper': '14.2' });
    expect(read('packages', 'dpkg ssh 1:10.0 installed', 'dpkg old 2 config-files')).toEqual({
      ssh: '1:10.0',
      old: '2 (config-files)',
    });
  });

  it('units: what is started by need, or for one use, is active by chance; what a target wants is not', () => {
    expect(
      read(
        'units',
        ...`file /etc/systemd/system/multi-user.target.wants/a.service /usr/lib/systemd/system/a.service
file /usr/lib/systemd/system/a.service 
file /usr/lib/systemd/system/b.timer 
file /usr/lib/systemd/system/template@.service 
file /usr/lib/systemd/system/net.service 
file /etc/systemd/system/net.target.wants/net.service /usr/lib/systemd/system/net.service
file /etc/systemd/system/multi-user.target.requires/net.service /usr/lib/systemd/system/net.service
file /etc/systemd/system/off.service /dev/null
file /usr/lib/systemd/system/off.service 
file /etc/systemd/system/alias.service /usr/lib/systemd/system/net.service
file /etc/systemd/system/store.service /nix/store/x-unit-store.service/store.service
file /run/systemd/generator/srv.mount 
unit a.service loaded inactive dead A
unit bus.service loaded active running B
unit net.service loaded active running N
unit clean.service loaded active exited C
unit sshd@0-10.0.2.15:22-10.0.2.2:40312.service loaded active running S
unit user@0.service loaded active running U
unit gone.service not-found inactive dead gone.service
unit dev-sda.device loaded active plugged D
BusName=org.a
Id=bus.service
--
BusName=org.net
Id=net.service
--
Id=clean.service
BusName=
TriggeredBy=b.timer`.split('\n'),
      ),
    ).toEqual({
      'a.service': 'wanted by multi-user.target',
      'net.service': 'wanted by multi-user.target net.target, active',
      'b.timer': 'not wanted',
      'template@.service': 'not wanted',
      'off.service': 'masked',
      'alias.service': 'is net.service',
      'store.service': 'not wanted',
    });
  });

  it('sockets: who listens where, whatever the address of the machine', () => {
    const row = (protocol: string, at: string, state: string, inode: string): string =>
      `${protocol}   0: ${at} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1`;
    expect(
      read(
        'sockets',
        row('tcp', '00000000:0016', '0A', '11'),
        row('tcp', '0F02000A:0016', '01', '12'),
        row('tcp6', '00000000000000000000000001000000:0277', '0A', '13'),
        row('udp', '0F02000A:0044', '07', '14'),
        row('udp', '00000000:C001', '07', '14'),
        'name 7 sshd',
        'name 8 NetworkManager',
        'socket /proc/7/fd/3 socket:[11]',
        'socket /proc/8/fd/9 socket:[14]',
      ),
    ).toEqual({
      'tcp any 22': 'sshd',
      'tcp6 loopback 631': 'unknown',
      'udp address 68': 'NetworkManager',
      'udp any any port of NetworkManager': 'NetworkManager',
    });
  });

  it('the rest', () => {
    expect(read('commandLine', 'console=tty0 console=ttyS0,115200 quiet root=UUID=1')).toEqual({
      console: 'tty0 ttyS0,115200',
      quiet: 'set',
      root: 'UUID=1',
    });
    expect(read('mounts', 'tmpfs /run tmpfs rw,nosuid,size=12k,mode=755 0 0')).toEqual({
      '/run': 'tmpfs rw,nosuid',
    });
    expect(read('setuid', '4511 root root /run/wrappers/wrappers.Ab12/sudo')).toEqual({
      '/run/wrappers/bin/sudo': '4511 root:root',
    });
    expect(
      read(
        'etc',
        'at /etc/ssl',
        'link /etc/a link',
        'to ../usr/b c',
        'at /etc/zoneinfo',
        '0123456789abcdef  /etc/a b',
        '/nix/store/x/ssl',
        '/nix/store/y',
        'link /etc/cut off',
      ),
    ).toEqual({
      '/etc/a b': '0123456789abcdef',
      '/etc/a link': '→ ../usr/b c',
      '/etc/cut off': '→ ?',
      '/etc/ssl': '→ /nix/store/x/ssl',
      '/etc/zoneinfo': '→ /nix/store/y',
    });
    const root = 'root /dev/sda1 100 50 50 50% /';
    const store = `nix /nix/store/${'a'.repeat(32)}`;
    expect(read('sizes', root, `${store}-b-1   \t 2048`, `${store}-c-2  1024`)).toEqual({
      'root used': '50',
      closure: '3',
    });
    expect(
      read('sizes', root, 'dpkg a 1 installed 70', 'dpkg b 2 config-files 0', 'dpkg c 3 installed 7'),
    ).toEqual({
      'root used': '50',
      packages: '77',
    });
    expect(read('modules', 'virtio_net 102400 0 - Live 0x0')).toEqual({ virtio_net: 'loaded' });
    expect(
      read(
        'boot',
        'InitRDTimestampMonotonic=1000000',
        'UserspaceTimestampMonotonic=3000000',
        'FinishTimestampMonotonic=9000000',
      ),
    ).toEqual({ 'systemd kernel': '1.000', 'systemd initrd': '2.000', 'systemd userspace': '6.000' });
    expect(
      read(
        'boot',
        'FirmwareTimestampMonotonic=5000000',
        'LoaderTimestampMonotonic=2000000',
        'InitRDTimestampMonotonic=0',
        'UserspaceTimestampMonotonic=3000000',
      ),
    ).toEqual({ 'systemd firmware': '3.000', 'systemd loader': '2.000', 'systemd kernel': '3.000' });
    expect(read('users', 'user root:x:0:0:root:/root:/bin/sh', 'password root set')).toEqual({
      root: '0:0 /root /bin/sh, password set',
    });
    expect(
      read('settings', 'locale.conf LANG="de_CH.UTF-8"', 'time zone=/nix/store/x/share/zoneinfo/UTC'),
    ).toEqual({
      'locale.conf LANG': 'de_CH.UTF-8',
      'time zone': 'UTC',
    });
  });
});
