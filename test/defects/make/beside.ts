import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPaths } from '../../../reference/formats.ts';
import type { Make } from './make.ts';

/**
 * A directory with the sound `qemu` image and something beside it.
 * @param add makes that, in the directory.
 */
export const beside =
  (add: (directory: string) => Promise<unknown>): Make =>
  async (reference, scratch) => {
    const directory = join(scratch, 'images');
    await mkdir(directory);
    await symlink(join(reference, formatPaths.qemu), join(directory, 'nixos.qcow2'));
    await add(directory);
    return directory;
  };

/** A text under a name that is not UTF-8: `für-alle.qcow2` in Latin-1. */
export const notUtf8 = (directory: string): Promise<void> =>
  writeFile(Buffer.from(`${directory}/f\xfcr-alle.qcow2`, 'latin1'), 'no image\n');
