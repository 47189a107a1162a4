import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { unreadable } from './errors.ts';
import { statPath } from './stat-path.ts';

export interface FoundFile {
  path: string;
  /** The same without symbolic links. */
  real: string;
  /** Bytes. */
  size: number;
}

/** How far below a directory files are looked for, and how many at most: it is meant for what a build leaves. */
const maxDepth = 5;
const maxFiles = 10_000;

/**
 * The regular files below a directory, symbolic links followed, in byte order; none twice, hidden ones left out.
 * @throws UsageError `image-unreadable`, `too-many-files`
 */
export async function filesBelow(directory: string): Promise<FoundFile[]> {
  const files = new Map<string, FoundFile>();
  const visited = new Set<string>();
  const visit = async (path: string, depth: number): Promise<void> => {
    const real = await realpath(path);
    if (visited.has(real)) return;
    if (depth > maxDepth) throw tooMuch('directories more than', maxDepth, 'levels down');
    visited.add(real);
    const names = await readdir(path).catch((error: unknown) => Promise.reject(unreadable(path, error)));
    for (const name of names.filter((one) => !one.startsWith('.')).sort(byBytes)) {
      const below = join(path, name);
      const found = await statPath(below).catch(leaveOutMissing);
      if (found?.isDirectory() === true) await visit(below, depth + 1);
      if (found?.isFile() === true) addFile({ path: below, real: await realpath(below), size: found.size });
    }
  };
  // What is left out might be the image that is broken.
  const tooMuch = (...got: [string, number, string]): UsageError =>
    new UsageError(
      'too-many-files',
      `${directory}: expected a directory of images, got one with ${got.join(' ')}; give a directory closer to the images.`,
    );
  const addFile = (file: FoundFile): void => {
    if (!files.has(file.real)) files.set(file.real, file);
    if (files.size <= maxFiles) return;
    throw tooMuch('more than', maxFiles, 'files');
  };
  await visit(directory, 0);
  return [...files.values()];
}

/** A symbolic link to nothing is none of what a build left. */
function leaveOutMissing(error: unknown): undefined {
  if (!(error instanceof UsageError && error.code === 'image-missing')) throw error;
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
