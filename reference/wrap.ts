import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lockFile } from './lock.ts';
import type { ReferenceFormat } from './formats.ts';
import { recipeDirectory } from './paths.ts';
import { wrappers } from './wrap/wrappers.ts';

interface Options {
  /** Called with each line that a waiting person may want to see. */
  onProgress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

const prefix = 'wrapped-';
/** So long after its last use a run may still boot from a set of images. */
const inUseMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Wraps the reference images into the formats that the core ones do not cover, by the tools that people use; each once for
 * a set of reference images and this recipe.
 * @param images directory of the built reference images
 * @throws HostError `reference-step`
 */
export async function wrapReferenceImages(
  images: string,
  { onProgress, signal }: Options,
): Promise<ReferenceFormat[]> {
  const cacheDir = dirname(images);
  const directory = join(cacheDir, `${prefix}${basename(images)}-${await digestOfWrapping()}`);
  const formats = wrappers.map(({ name, file }) => ({ name, path: join(directory, name, file) }));
  if (await areThere(formats)) {
    await utimes(directory, new Date(), new Date()).catch(() => {});
    return formats;
  }
  await using _lock = await lockFile(
    join(cacheDir, 'lock'),
    () => onProgress('reference images: another run is building them; waiting for it'),
    signal,
  );
  await mkdir(directory, { recursive: true });
  await removeUnfinished(directory);
  for (const { name, file, wrap } of wrappers) {
    if (await areThere([{ name, path: join(directory, name, file) }])) continue;
    const start = performance.now();
    const work = await mkdtemp(join(directory, '.work-'));
    try {
      await mkdir(join(work, 'out'));
      await wrap({ images, work, target: join(work, 'out', file), signal });
      await rename(join(work, 'out'), join(directory, name));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    onProgress(`reference images: ${name} wrapped (${((performance.now() - start) / 1000).toFixed(0)} s)`);
  }
  await prune(cacheDir, directory);
  return formats;
}

const areThere = async (formats: readonly ReferenceFormat[]): Promise<boolean> => {
  const found = await Promise.allSettled(formats.map(({ path }) => stat(path)));
  return found.every(({ status }) => status === 'fulfilled');
};

/** What was killed in the middle. */
async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith('.work-')) await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** A digest of the files that decide what comes out. */
async function digestOfWrapping(): Promise<string> {
  const room = join(recipeDirectory, 'wrap');
  const names = (await readdir(room)).filter((name) => !name.includes('.test.')).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${name}\0`).update(await readFile(join(room, name)));
  return hash.digest('hex').slice(0, 12);
}

/** Keeps this set, and what others may be using. */
async function prune(cacheDir: string, own: string): Promise<void> {
  for (const name of (await readdir(cacheDir)).filter((one) => one.startsWith(prefix))) {
    const path = join(cacheDir, name);
    if (path !== own && Date.now() - (await stat(path)).mtimeMs > inUseMilliseconds)
      await rm(path, { recursive: true, force: true });
  }
}
