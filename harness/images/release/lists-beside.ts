import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { accompanied, isDigestList } from './digest-list.ts';

/** The lists of digests that may name a file: its own, and those of its directory. */
export async function listsBeside(path: string): Promise<string[]> {
  const directory = dirname(path);
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => isDigestList(name) && (accompanied(name) ?? basename(path)) === basename(path))
    .map((name) => join(directory, name))
    .sort();
}
