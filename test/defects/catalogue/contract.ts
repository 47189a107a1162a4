import type { Defect } from '../defect.ts';
import { append, become } from '../make/contents.ts';
import { disk } from '../make/disk.ts';
import type { Ext4Edit } from '../make/ext4.ts';

const sshdConfig = '/etc/ssh/sshd_config.d/reference.conf';
const hostKey = 'HostKey /etc/ssh/ssh_host_ed25519_key\n';
const screenLogin = '/etc/systemd/system/kmsconvt@.service.d/autologin.conf';
const serialLogin = '/etc/systemd/system/serial-getty@.service.d/autologin.conf';
const authorizedKeys = '/root/.ssh/authorized_keys';

const sshd = (lines: string): Ext4Edit => ({ path: sshdConfig, change: become(lines + hostKey) });
const nix = (lines: string): Ext4Edit => ({ path: '/etc/nix/nix.conf', change: become(lines) });
const kmscon = (lines: string): Ext4Edit => ({
  path: '/etc/kmscon/kmscon.conf',
  change: become(`font-name=JetBrains Mono\n${lines}\n`),
});
const masked = (unit: string): Ext4Edit => ({ path: `/etc/systemd/system/${unit}`, symlink: '/dev/null' });

/** Another user, with a shell and no password. */
const otherUser: readonly Ext4Edit[] = [
  { path: '/etc/passwd', change: append('nixos:x:1000:1000::/tmp:/bin/bash\n') },
  { path: '/etc/shadow', mode: '0100640', change: append('nixos:*:20000:0:99999:7:::\n') },
  { path: '/etc/group', change: append('nixos:x:1000:\n') },
];

const broken = (
  name: string,
  what: string,
  root: readonly Ext4Edit[],
  checks: Record<string, RegExp>,
  others: 'passed' | 'any' = 'passed',
): Defect => ({
  name,
  what,
  cell: 'qemu.x86_64.bios.disk',
  make: disk('qemu', { root }),
  expect: { checks, others },
});

/** Each breaks one promise of the contract, and the check of that promise must say so, and no other. */
export const contract: readonly Defect[] = [
  broken('layout-us', 'the keyboard layout is us', [kmscon('xkb-layout=us')], {
    keyboard: /expected the layout ch\b.*the guest has us\b/,
  }),
  broken('layout-de', 'the keyboard layout is de', [kmscon('xkb-layout=de')], {
    keyboard: /expected the layout ch\b.*the guest has de\b/,
  }),
  broken('layout-ch-fr', 'the right layout, another variant', [kmscon('xkb-layout=ch\nxkb-variant=fr')], {
    keyboard: /expected the layout ch\b.*the guest has ch\(fr\)/,
  }),
  broken('layout-unknown', 'a layout that does not exist: kmscon falls back', [kmscon('xkb-layout=chh')], {
    keyboard: /expected the layout ch\b.*the guest has us\b/,
  }),
  // Debian's ssh.service does not start when this file is there.
  broken('sshd-silent', 'no SSH server', [{ path: '/etc/ssh/sshd_not_to_be_run', create: '' }], {
    sshd: /nothing listens on port 22/,
  }),
  broken(
    'sshd-other-port',
    'the SSH server listens on port 2222',
    [sshd('Port 2222\nPermitRootLogin yes\n')],
    {
      sshd: /nothing listens on port 22/,
    },
  ),
  broken(
    'sshd-bad-config',
    'a setting that sshd does not know: it does not start',
    [sshd('PermitRootLogins yes\n')],
    { sshd: /nothing listens on port 22/ },
  ),
  broken(
    'sshd-no-host-key',
    'nobody makes the host key',
    [masked('sshd-keygen.service'), { path: '/usr/bin/ssh-keygen', mode: '0100644' }],
    { sshd: /nothing listens on port 22|closed without a banner/ },
  ),
  broken(
    'sshd-garbage',
    'what listens on port 22 is no SSH server',
    [
      masked('ssh.service'),
      {
        path: '/etc/systemd/system/garbage.socket',
        create: '[Socket]\nListenStream=22\nAccept=yes\n',
      },
      {
        path: '/etc/systemd/system/sockets.target.wants/garbage.socket',
        symlink: '/etc/systemd/system/garbage.socket',
      },
      {
        path: '/etc/systemd/system/garbage@.service',
        create: '[Service]\nStandardInput=socket\nExecStart=/usr/bin/head -c 4096 /dev/urandom\n',
      },
    ],
    { sshd: /expected an SSH server on port 22, got/ },
  ),
  broken(
    'sshd-empty-password',
    'the empty password is let in',
    [sshd('PermitRootLogin yes\nPermitEmptyPasswords yes\n')],
    { sshd: /empty password/ },
  ),
  broken('sshd-no-root', 'root may not log in', [sshd('PermitRootLogin no\n')], { sshd: /permitrootlogin/i }),
  broken('no-authorized-key', 'no authorized_keys', [{ path: authorizedKeys, remove: true }], {
    sshd: /key/,
  }),
  broken(
    'sshd-other-key',
    "authorized_keys has somebody else's key",
    [
      {
        path: authorizedKeys,
        mode: '0100600',
        change: become(
          'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBUBHQqk8vWVDJ3mBMoGoz0HIbZ6rwGwBVcIHEyZfKvF somebody\n',
        ),
      },
    ],
    { sshd: /expected the key .* to be authorized .* got ssh-ed25519 SHA256/ },
  ),
  broken(
    'sshd-key-writable',
    'anybody may write authorized_keys, so sshd does not heed it',
    [{ path: authorizedKeys, mode: '0100666' }],
    { sshd: /expected root to be let in with the promised key/ },
  ),
  broken(
    'sshd-forced-command',
    'sshd runs another command than the one that is asked for',
    [sshd('PermitRootLogin yes\nForceCommand /bin/true\n')],
    { sshd: /expected a command by ssh to run as root/ },
  ),
  broken('no-flakes', 'no experimental features', [nix('warn-dirty = false\n')], { flakes: /flakes/ }),
  broken('flakes-half', 'nix-command without flakes', [nix('experimental-features = nix-command\n')], {
    flakes: /got nix-command.*: flakes is missing/,
  }),
  broken(
    'nix-store-read-only',
    'the features are on, and no flake can be put into the store',
    [{ path: '/etc/fstab', change: append('tmpfs /nix tmpfs ro 0 0\n') }],
    { flakes: /expected a local flake without inputs to evaluate/ },
  ),
  broken('nix-missing', 'no nix', [{ path: '/usr/bin/nix', remove: true }], { flakes: /nix.*not found/ }),
  broken('no-autologin-screen', 'a login on the virtual screen', [{ path: screenLogin, remove: true }], {
    autologin: /on the virtual screen expected root to be logged in, but it asks for a login/,
    keyboard: /no shell on the virtual screen/,
  }),
  broken(
    'no-kmscon',
    'nothing on the virtual screen',
    [masked('kmsconvt@tty1.service'), masked('getty@tty1.service')],
    {
      autologin: /on the virtual screen expected root to be logged in/,
      keyboard: /no shell on the virtual screen/,
    },
  ),
  broken('no-autologin-serial', 'a login on serial', [{ path: serialLogin, remove: true }], {
    autologin: /on serial expected root to be logged in, got nobody/,
  }),
  // With another user on serial the checks that need root have no way in: what they come to is not this defect's.
  broken(
    'autologin-serial-other-user',
    'another user is logged in on serial',
    [
      ...otherUser,
      {
        path: serialLogin,
        change: (content) => content.toString().replace(/(--autologin|-a) root/, '$1 nixos'),
      },
    ],
    { autologin: /on serial expected root to be logged in, got nixos/ },
    'any',
  ),
  broken(
    'autologin-other-user',
    'another user is logged in on the virtual screen',
    [
      ...otherUser,
      {
        path: screenLogin,
        change: become(
          '[Service]\nExecStart=\nExecStart=/usr/bin/kmscon --vt=%I --seats=seat0 --no-switchvt --login -- /bin/login -p -f nixos\n',
        ),
      },
    ],
    { autologin: /on the virtual screen expected root to be logged in, got nixos \(uid 1000\)/ },
  ),
];
