import { realpath } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { shortageOf } from '../shortage.ts';
import { unknownImage, unreadable } from './errors.ts';
import { identifyFile } from './identify.ts';
import type { Image } from './image.ts';
import { statPath } from './stat-path.ts';
import { type FoundFile, filesBelow } from './walk.ts';

interface Options {
  /** Told of files in a directory that are known but that no machine boots: archives, compressed images, menus of iPXE. */
  onIgnored?: (error: UsageError) => void;
}

/** A file of such a name that is no image is a broken one; names decide nothing else. */
const imageExtensions = new Set(['.iso', '.qcow2', '.vdi', '.vhd', '.vhdx', '.vmdk']);
/** The same for those of disks, by which initrds and file systems are called too. */
const diskExtensions = new Set(['.img', '.raw']);

/**
 * Finds images: each path is a file, or a directory that is searched, symbolic links followed.
 * The order is that of the paths, byte order within a directory; no image comes twice.
 * @throws UsageError for a path that is missing or unreadable, a file that is no image or a broken one, a directory without one
 */
export async function findImages(paths: readonly string[], { onIgnored }: Options = {}): Promise<Image[]> {
  const images = new Map<string, Image>();
  for (const path of paths.map((one) => resolve(one))) {
    const found = await statPath(path);
    if (!found.isDirectory() && !found.isFile()) {
      throw unknownImage(path, 'something that is neither a file nor a directory');
    }
    for (const image of found.isFile()
      ? [await identify({ path, size: found.size })]
      : await searchDirectory(path, onIgnored)) {
      // Several netboot sets may share a directory: the script tells them apart.
      const key = await realpath(image.kind === 'netboot' ? image.script : image.path);
      if (!images.has(key)) images.set(key, image);
    }
  }
  return [...images.values()];
}

async function searchDirectory(directory: string, onIgnored: Options['onIgnored']): Promise<Image[]> {
  const files = await filesBelow(directory);
  const images: Image[] = [];
  const refused: { file: FoundFile; error: UsageError }[] = [];
  for (const file of files) {
    try {
      images.push(await identify(file));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push({ file, error });
    }
  }
  // A kernel beside its script, the extent of a vmdk: parts of an image are none themselves.
  const parts = new Set<string>();
  for (const image of images) {
    for (const part of image.files.filter((one) => one !== image.path)) parts.add(await realpath(part));
  }
  const others = refused.filter(({ file }) => !parts.has(file.real));
  const broken = others.find(({ file, error }) => isBroken(error, file));
  if (broken !== undefined) throw broken.error;
  const ignored = others.map(({ error }) => error).filter(({ code }) => code !== 'image-unknown');
  const whole = new Set(files.filter(({ real }) => !parts.has(real)).map(({ path }) => path));
  const found = images.filter(({ kind, path }) => kind === 'netboot' || whole.has(path));
  if (found.length === 0) throw withoutImage(directory, files, ignored);
  for (const error of ignored) onIgnored?.(error);
  return found;
}

async function identify(file: { path: string; size: number }): Promise<Image> {
  try {
    return await identifyFile(file);
  } catch (error) {
    const isFileError = error instanceof Error && 'syscall' in error;
    throw isFileError ? (shortageOf(error) ?? unreadable(file.path, error)) : error;
  }
}

/** What must not be passed over: a release gate would call the rest of the directory good. */
function isBroken({ code }: UsageError, { path }: FoundFile): boolean {
  const extension = extname(path).toLowerCase();
  if (imageExtensions.has(extension)) return true;
  if (code === 'image-other-kind') return false;
  return diskExtensions.has(extension) || (code !== 'image-unknown' && code !== 'image-not-bootable');
}

function withoutImage(directory: string, files: FoundFile[], [first]: UsageError[]): UsageError {
  if (first !== undefined) return first;
  const names = files.slice(0, 3).map(({ path }) => basename(path));
  const got =
    files.length === 0
      ? 'no files'
      : `${files.length} files that are none (${names.join(', ')}${files.length > 3 ? ', …' : ''})`;
  return new UsageError(
    'image-none',
    `${directory}: expected a directory with a disk image, an ISO or a netboot set, got ${got}; build the image first, or give its path.`,
  );
}
