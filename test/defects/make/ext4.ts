import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { HostError } from '../../../harness/errors.ts';

/** One change in an ext4 file system. The parent directory is there already. */
export type Ext4Edit =
  /** A file that is not there yet. */
  | { path: string; create: string | Buffer; mode?: string }
  /** New content for a file that is there. */
  | { path: string; change: (content: Buffer) => Buffer | string; mode?: string }
  | { path: string; remove: true }
  | { path: string; symlink: string }
  | { path: string; mode: string }
  /** The file system's volume label, in place of a path. */
  | { label: string };

/** A user's PATH lacks debugfs(8). */
const env = { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };

/** What most files of a system have. */
const plain = '0100644';

/** Commands of debugfs(8) that make `edit`, with the new content, if there is one, in `file`. */
export function debugfsCommands(edit: Ext4Edit, file: string): string[] {
  if ('label' in edit) return [`set_super_value volume_name ${edit.label}`];
  const { path } = edit;
  if ('remove' in edit) return [`rm ${path}`];
  if ('symlink' in edit) return [`symlink ${path} ${edit.symlink}`];
  const field = (name: string, value: string): string => `set_inode_field ${path} ${name} ${value}`;
  if (!('create' in edit) && !('change' in edit)) return [field('mode', edit.mode)];
  return [
    ...('change' in edit ? [`rm ${path}`] : []),
    `write ${file} ${path}`,
    field('mode', edit.mode ?? plain),
    field('uid', '0'),
    field('gid', '0'),
  ];
}

/**
 * Changes files in the ext4 file system at `offset` of a raw disk, in place. Nothing is mounted.
 * @param scratch a directory for the new contents
 * @throws HostError `defect-edit` when a file is not there, or there already
 */
export async function editExt4(
  disk: string,
  offset: number,
  edits: readonly Ext4Edit[],
  scratch: string,
): Promise<void> {
  const fileSystem = `${disk}?offset=${offset}`;
  let commands: string[] = [];
  const changed = new Set<string>();
  for (const [index, edit] of edits.entries()) {
    const file = join(scratch, `edit-${index}`);
    if ('create' in edit) await writeFile(file, edit.create);
    if ('change' in edit) {
      // What was changed already is changed further.
      if (changed.has(edit.path)) {
        await runDebugfs(disk, fileSystem, commands, scratch);
        commands = [];
      }
      changed.add(edit.path);
      await writeFile(file, edit.change(await readExt4(fileSystem, edit.path)));
    }
    commands.push(...debugfsCommands(edit, file));
  }
  await runDebugfs(disk, fileSystem, commands, scratch);
}

async function runDebugfs(
  disk: string,
  fileSystem: string,
  commands: readonly string[],
  scratch: string,
): Promise<void> {
  const script = join(scratch, 'debugfs-commands');
  await writeFile(script, `${commands.join('\n')}\n`);
  // debugfs ends with 0 whatever happened; it complains on standard error, where its version is the first line.
  const { stderr } = await execa('debugfs', ['-w', '-f', script, fileSystem], { env });
  const complaints = stderr.split('\n').slice(1).join('\n').trim();
  if (complaints !== '')
    throw new HostError('defect-edit', `debugfs could not change ${disk}: ${complaints}`);
}

async function readExt4(fileSystem: string, path: string): Promise<Buffer> {
  const { stdout } = await execa('debugfs', ['-R', `cat ${path}`, fileSystem], {
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: 1 << 30,
    env,
  });
  return Buffer.from(stdout);
}
