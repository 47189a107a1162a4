import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { HostError } from '../harness/errors.ts';
import { runStep } from './command.ts';

/** One change of a file in an image. The parent directory is there already. */
export type Edit =
  | { path: string; content: string; replaces: boolean }
  | { path: string; append: string }
  | { path: string; remove: true };

/** The root file system of the `qemu` format begins here. */
const offset = 1 << 20;

/** A user's PATH lacks debugfs(8). */
const env = { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };

const kmscon = '/etc/kmscon/kmscon.conf';
const sshd = '/etc/ssh/sshd_config.d/reference.conf';
const screenLogin = '/etc/systemd/system/kmsconvt@.service.d/autologin.conf';
const serialLogin = '/etc/systemd/system/serial-getty@.service.d/autologin.conf';

const replace = (path: string, content: string): Edit => ({ path, content, replaces: true });
const layout = (lines: string): Edit[] => [replace(kmscon, `font-name=JetBrains Mono\n${lines}\n`)];

/** Ways to break the `qemu` reference image, each in one promise of its contract. */
export const defects = {
  'layout-us': layout('xkb-layout=us'),
  'layout-de': layout('xkb-layout=de'),
  'layout-ch-fr': layout('xkb-layout=ch\nxkb-variant=fr'),
  // Debian's ssh.service does not start when this file is there.
  'sshd-silent': [{ path: '/etc/ssh/sshd_not_to_be_run', content: '', replaces: false }],
  'sshd-empty-password': [
    replace(sshd, 'PermitRootLogin yes\nPermitEmptyPasswords yes\nHostKey /etc/ssh/ssh_host_ed25519_key\n'),
  ],
  'no-authorized-key': [{ path: '/root/.ssh/authorized_keys', remove: true }],
  'no-flakes': [replace('/etc/nix/nix.conf', 'warn-dirty = false\n')],
  'no-autologin-screen': [{ path: screenLogin, remove: true }],
  'no-autologin-serial': [{ path: serialLogin, remove: true }],
  // On the screen only: with another user on serial too, checks that need root would have no way in.
  'autologin-other-user': [
    { path: '/etc/passwd', append: 'nixos:x:1000:1000::/tmp:/bin/bash\n' },
    { path: '/etc/shadow', append: 'nixos:*:20000:0:99999:7:::\n' },
    { path: '/etc/group', append: 'nixos:x:1000:\n' },
    replace(
      screenLogin,
      '[Service]\nExecStart=\nExecStart=/usr/bin/kmscon --vt=%I --seats=seat0 --no-switchvt --login -- /bin/login -p -f nixos\n',
    ),
  ],
} as const satisfies Record<string, readonly Edit[]>;

export type Defect = keyof typeof defects;

/** Commands of debugfs(8) that make `edit`, with the new content in `file`. */
export function debugfsCommands(edit: Edit, file: string): string[] {
  if ('remove' in edit) return [`rm ${edit.path}`];
  const replaces = 'append' in edit || edit.replaces;
  const mode = edit.path === '/etc/shadow' ? '0100640' : '0100644';
  return [
    ...(replaces ? [`rm ${edit.path}`] : []),
    `write ${file} ${edit.path}`,
    `set_inode_field ${edit.path} mode ${mode}`,
    `set_inode_field ${edit.path} uid 0`,
    `set_inode_field ${edit.path} gid 0`,
  ];
}

/**
 * Writes a broken copy of the built `qemu` image to `destination`, a qcow2 like its source. Nothing is mounted.
 * @param source - the qcow2 of the format `qemu`; it is only read
 * @throws HostError `reference-step`, `reference-edit`
 */
export async function deriveImage(source: string, defect: Defect, destination: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'boot-matrix-derive-'));
  try {
    const disk = join(scratch, 'disk.raw');
    await runStep('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', source, disk]);
    const fileSystem = `${disk}?offset=${offset}`;
    const commands: string[] = [];
    for (const [index, edit] of defects[defect].entries()) {
      const file = join(scratch, String(index));
      if ('append' in edit) {
        const { stdout } = await execa('debugfs', ['-R', `cat ${edit.path}`, fileSystem], {
          stripFinalNewline: false,
          env,
        });
        await writeFile(file, stdout + edit.append);
      } else if ('content' in edit) await writeFile(file, edit.content);
      commands.push(...debugfsCommands(edit, file));
    }
    const script = join(scratch, 'commands');
    await writeFile(script, `${commands.join('\n')}\n`);
    // debugfs ends with 0 whatever happened; it complains on standard error, where its version is the first line.
    const { stderr } = await execa('debugfs', ['-w', '-f', script, fileSystem], { env });
    const complaints = stderr.split('\n').slice(1).join('\n').trim();
    if (complaints !== '')
      throw new HostError(
        'reference-edit',
        `debugfs could not break ${source} by "${defect}": ${complaints}`,
      );
    await runStep('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', disk, destination]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
