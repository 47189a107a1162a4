import { link, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runStep } from '../../../reference/command.ts';
import { formatPaths } from '../../../reference/formats.ts';
import { wrappers } from '../../../reference/wrap/wrappers.ts';
import type { Make } from './make.ts';

interface Edits {
  /** Makes the disk that is wrapped. @default the reference image */
  disk?: Make;
  /** A shell line that breaks the file `$1` in a directory of its own, in place. @default nothing */
  file?: string;
}

/** A reference image of one format, wrapped as its own tools do, and broken before or afterwards. */
export const wrapped =
  (name: string, source: keyof typeof formatPaths, { disk, file }: Edits): Make =>
  async (reference, scratch) => {
    const wrapper = wrappers.find((one) => one.name === name);
    if (wrapper === undefined) throw new Error(`no wrapper is called ${name}`);
    const images = join(scratch, 'images');
    const work = join(scratch, 'work');
    const made = join(images, formatPaths[source]);
    for (const directory of [dirname(made), work, join(scratch, 'made')])
      await mkdir(directory, { recursive: true });
    // By link, as the wrappers do: on the cache's own file system it costs nothing.
    const from =
      disk === undefined
        ? join(reference, formatPaths[source])
        : await disk(reference, join(scratch, 'made'));
    await link(from, made).catch(() => runStep('cp', [from, made]));
    const target = join(scratch, basename(wrapper.file));
    await wrapper.wrap({ images, work, target });
    if (file !== undefined) await runStep('sh', ['-euc', `cd "$0"; ${file}`, work, target]);
    return target;
  };
