import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildReferenceImages } from '../reference/build.ts';
import { type Summary, type World, makeWorld, readSummary, startCli } from './cli.ts';
import type { Make } from './defects/make/make.ts';

export interface MadeImagesRun {
  world: World;
  exitCode: number | undefined;
  summary: Summary;
}

/**
 * Makes images from the reference images and has the command line judge them.
 * @param options.images by name; each is made in a directory of that name, which labels its cells.
 * @param options.contract its name, or what is in its file.
 * @param options.filters which cells. @default all
 * @param options.env beside the environment that there is.
 */
export async function judgeMadeImages({
  images,
  contract,
  filters = [],
  env = {},
}: {
  images: Record<string, Make>;
  contract: string | object;
  filters?: readonly string[];
  env?: Record<string, string>;
}): Promise<MadeImagesRun> {
  const world = await makeWorld({ ownCache: false });
  const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
  const made: string[] = [];
  for (const [name, make] of Object.entries(images)) {
    const scratch = join(world.path, name);
    await mkdir(scratch);
    made.push(await make(directory, scratch));
  }
  let promised = contract;
  if (typeof promised !== 'string') {
    const file = join(world.path, 'contract.json');
    await writeFile(file, JSON.stringify(promised));
    promised = file;
  }
  const run = await startCli(world, [...filters, '--contract', promised, '--images', ...made], {
    stdout: 'inherit',
    stderr: 'inherit',
    env,
  });
  return { world, exitCode: run.exitCode, summary: await readSummary(world) };
}
