import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPaths } from '../../../reference/formats.ts';
import { writeNetboot } from '../../../reference/wrap/netboot.ts';
import type { Make } from './make.ts';

interface Edits {
  /** Makes the disk that its files are taken from. @default the reference image */
  disk?: Make;
  /** Changes the script. @default nothing */
  script?: (content: Buffer) => Buffer | string;
  /** The script that never names the serial port. @default false */
  silent?: boolean;
}

/** The netboot set for aarch64 with one script, broken before or after it was made. */
export const netbootForArm =
  ({ disk, script = (content) => content, silent = false }: Edits): Make =>
  async (reference, scratch) => {
    const work = join(scratch, 'work');
    const target = join(scratch, 'netboot');
    await mkdir(work);
    const from =
      disk === undefined ? join(reference, formatPaths['qemu-efi-aarch64']) : await disk(reference, scratch);
    await writeNetboot(from, { work, target });
    const talking = join(target, 'netboot.ipxe');
    const other = join(target, 'netboot-silent.ipxe');
    await (silent ? rename(other, talking) : rm(other));
    await writeFile(talking, await script(await readFile(talking)));
    return target;
  };
