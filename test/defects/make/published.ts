import { link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runStep } from '../../../reference/command.ts';
import { formatPaths } from '../../../reference/formats.ts';
import type { Make } from './make.ts';

/**
 * A directory as it is published.
 * @param files of the reference images by the names that they are published by, e.g. `{ 'a.iso': 'iso-installer/nixos-installer.iso' }`
 * @param script a shell line that adds to it, in the directory; it must not write to those files in place
 */
export const published =
  (files: Record<string, string>, script: string): Make =>
  async (reference, scratch) => {
    const directory = join(scratch, 'release');
    for (const [name, source] of Object.entries(files)) {
      const path = join(directory, name);
      await mkdir(dirname(path), { recursive: true });
      // On the cache's own file system a link costs nothing.
      await link(join(reference, source), path).catch(() => runStep('cp', [join(reference, source), path]));
    }
    await runStep('sh', ['-euc', `cd "$0"; ${script}`, directory]);
    return directory;
  };

/** The files of the reference netboot directory. */
export const netbootFiles = Object.fromEntries(
  ['bzImage', 'initrd', 'netboot.ipxe'].map((name) => [name, `${formatPaths.netboot}/${name}`]),
);
