import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPaths } from '../../../reference/formats.ts';
import type { Make } from './make.ts';

const files = ['bzImage', 'initrd', 'netboot.ipxe'] as const;

export type NetbootEdits = Partial<
  Record<(typeof files)[number], (content: Buffer) => Buffer | string | Promise<Buffer | string>>
>;

/** A copy of the reference netboot directory with some files changed. */
export const netboot =
  (edits: NetbootEdits): Make =>
  async (reference, scratch) => {
    const directory = join(scratch, 'netboot');
    await mkdir(directory);
    for (const name of files) {
      const source = join(reference, formatPaths.netboot, name);
      const change = edits[name];
      if (change === undefined) await copyFile(source, join(directory, name));
      else await writeFile(join(directory, name), await change(await readFile(source)));
    }
    return directory;
  };
