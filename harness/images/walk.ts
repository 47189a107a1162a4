import type { Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { unreadable } from './errors.ts';
import { identityOf } from './identity.ts';
import { statPath } from './stat-path.ts';

export interface FoundFile {
  path: string;
  /** Two paths with the same one are one file. */
  real: string;
  /** Bytes. */
  size: number;
}

/** What is below a directory. */
export interface Found {
  /** In byte order; none twice. */
  files: FoundFile[];
  /** Names that lead to no file that could be read: each is to be told. */
  others: { path: string; got: string; todo: string; isDirectory: boolean }[];
  /** Names that begin with a dot, which are not looked into. */
  hidden: string[];
}

/** How far below a directory files are looked for, and how many at most: it is meant for what a build leaves. */
const maxDepth = 5;
const maxFiles = 10_000;

/**
 * Everything below a directory, symbolic links followed.
 * @throws UsageError `image-unreadable`, `too-many-files`
 */
export async function filesBelow(directory: string): Promise<Found> {
  const files = new Map<string, FoundFile>();
  const others: Found['others'] = [];
  const hidden: string[] = [];
  const visited = new Set<string>();
  const visit = async (path: string, depth: number): Promise<void> => {
    const real = await identityOf(path);
    if (visited.has(real)) return;
    if (depth > maxDepth) throw tooMuch('directories more than', maxDepth, 'levels down');
    visited.add(real);
    for (const bytes of await namesIn(path)) {
      const name = bytes.toString();
      const below = join(path, name);
      // Neither QEMU's command line nor a report can hold such a name.
      if (!Buffer.from(name).equals(bytes)) {
        others.push({ path: below, ...notUtf8, isDirectory: await isDirectory(path, bytes) });
      } else if (name.startsWith('.')) hidden.push(below);
      else await enter(below, depth);
    }
  };
  const enter = async (path: string, depth: number): Promise<void> => {
    const found = await statPath(path).catch(asNothing);
    if (found === undefined) others.push({ path, ...dangling, isDirectory: false });
    else if (found.isDirectory()) await visit(path, depth + 1);
    else if (found.isFile()) addFile({ path, real: await identityOf(path), size: found.size });
    else others.push({ path, got: kindOf(found), todo: 'remove it', isDirectory: false });
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
  return { files: [...files.values()], others, hidden };
}

const notUtf8 = { got: 'a name that is not UTF-8', todo: 'rename it' };
const dangling = {
  got: 'a symbolic link that leads to nothing',
  todo: 'remove it, or build its target again',
};

/** In byte order; as bytes, since a name need not be text. */
async function namesIn(path: string): Promise<Buffer[]> {
  const names = await readdir(path, { encoding: 'buffer' }).catch((error: unknown) =>
    Promise.reject(unreadable(path, error)),
  );
  return names.sort(Buffer.compare);
}

async function isDirectory(parent: string, name: Buffer): Promise<boolean> {
  const path = Buffer.concat([Buffer.from(`${parent}/`), name]);
  const found = await statPath(path).catch(asNothing);
  return found?.isDirectory() === true;
}

const kindOf = (found: Stats): string => {
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
};

/** A symbolic link to nothing; one that was removed while we looked is the same. */
function asNothing(error: unknown): undefined {
  if (!(error instanceof UsageError && error.code === 'image-missing')) throw error;
}
