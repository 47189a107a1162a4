import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** One change in the EFI system partition; paths begin at its root and have no slash in front. */
export type EspEdit =
  | { path: string; change: (content: Buffer) => Buffer | string }
  | { path: string; remove: true };

/** Its checks refuse file systems that mformat(1) itself made. */
const env = { MTOOLS_SKIP_CHECK: '1', MTOOLSRC: '/dev/null' };

/**
 * Changes files in the FAT file system at `offset` of a raw disk, in place.
 * @param scratch a directory for the new contents
 */
export async function editEsp(
  disk: string,
  offset: number,
  edits: readonly EspEdit[],
  scratch: string,
): Promise<void> {
  const image = ['-i', `${disk}@@${offset}`];
  for (const edit of edits) {
    const path = `::/${edit.path}`;
    if ('remove' in edit) {
      await execa('mdel', [...image, path], { env });
      continue;
    }
    const file = join(scratch, 'esp-file');
    const { stdout } = await execa('mtype', [...image, path], {
      env,
      encoding: 'buffer',
      stripFinalNewline: false,
      maxBuffer: 1 << 30,
    });
    await writeFile(file, edit.change(Buffer.from(stdout)));
    await execa('mcopy', ['-o', ...image, file, path], { env });
  }
}
