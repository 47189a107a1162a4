import { basename, dirname, extname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { shortageOf } from '../shortage.ts';
import { openWhole } from './archives/open-whole.ts';
import { allRefused, notLookedAt, unknownImage, unreadable } from './errors.ts';
import { identifyFile } from './identify-file.ts';
import { identityOf } from './identity.ts';
import type { Image } from './image.ts';
import { isDigestList } from './release/digest-list.ts';
import { listsBeside } from './release/lists-beside.ts';
import { Releases } from './release/collect.ts';
import type { Release } from './release/release.ts';
import { statPath } from './stat-path.ts';
import { type Found, type FoundFile, filesBelow } from './walk.ts';

interface Options {
  /** Told of what is in a directory and no machine boots: archives, compressed images, menus of iPXE, other files. */
  onIgnored?: (error: UsageError) => void;
  /** Told of each directory with the images in it, and what stands beside them; once, however many of its files are given. */
  onRelease?: (release: Release) => void;
  /** Told of an archive that is opened since its beginning does not tell what is inside. */
  onOpening?: (path: string) => void;
  signal?: AbortSignal;
}

/** A file of such a name that is no image is a broken one; names decide nothing else. */
const imageExtensions = new Set(['.box', '.iso', '.ova', '.qcow2', '.vdi', '.vhd', '.vhdx', '.vma', '.vmdk']);
/** What is added to the name of a file that is compressed. */
const packed = /\.(?:gz|xz|zst)$/i;
/** The same for those of disks, by which initrds and file systems are called too. */
const diskExtensions = new Set(['.img', '.raw']);

/**
 * Finds images: each path is a file, or a directory that is searched, symbolic links followed.
 * The order is that of the paths, byte order within a directory; no image comes twice.
 * @throws UsageError for a path that is missing or unreadable, a file that is no image or a broken one, a directory without
 * one; `images-refused` with a line for each where there are several
 */
export async function findImages(paths: readonly string[], options: Options = {}): Promise<Image[]> {
  const images = new Map<string, Image>();
  const refused: UsageError[] = [];
  const releases = new Releases();
  for (const path of new Set(paths.map((one) => resolve(one)))) {
    try {
      for (const image of await imagesAt(path, refused, { ...options, onRelease: releases.add })) {
        // Several netboot sets may share a directory: the script tells them apart.
        const key = await identityOf(image.kind === 'netboot' ? image.script : image.path);
        if (!images.has(key)) images.set(key, image);
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push(error);
    }
  }
  if (refused.length > 0) throw allRefused(refused);
  for (const release of releases.all) options.onRelease?.(release);
  return [...images.values()];
}

async function imagesAt(path: string, refused: UsageError[], options: Options): Promise<Image[]> {
  const found = await statPath(path);
  if (found.isDirectory()) return searchDirectory(path, refused, options);
  if (found.isFile()) {
    const image = await identify({ path, size: found.size }, options);
    const directory = dirname(path);
    const files = [...new Set([path, ...image.files])];
    options.onRelease?.({
      directory,
      images: [image],
      lists: await listsBeside(path),
      files,
      isWhole: false,
    });
    return [image];
  }
  throw unknownImage(path, 'something that is neither a file nor a directory');
}

/** @param broken takes what a directory with other images must not hold. */
async function searchDirectory(directory: string, broken: UsageError[], options: Options): Promise<Image[]> {
  const { files, others, hidden } = await filesBelow(directory);
  const images: Image[] = [];
  const refused: { path: string; real?: string; error: UsageError; isBroken: boolean }[] = others.map(
    ({ path, got, todo, isDirectory }) => ({
      path,
      error: notLookedAt(path, got, todo),
      isBroken: isDirectory || isCalledImage(path),
    }),
  );
  for (const file of files) {
    try {
      images.push(await identify(file, options));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push({ ...file, error, isBroken: isBroken(error, file) });
    }
  }
  // A kernel beside its script, the extent of a vmdk: parts of an image are none themselves.
  const parts = new Set<string>();
  for (const image of images) {
    for (const part of image.files.filter((one) => one !== image.path)) parts.add(await identityOf(part));
  }
  const rest = refused
    .filter(({ real }) => real === undefined || !parts.has(real))
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const faults = rest.filter((one) => one.isBroken).map(({ error }) => error);
  if (faults.length > 0) {
    broken.push(...faults);
    return [];
  }
  const ignored = rest.filter(({ error }) => error.code !== 'image-unknown').map(({ error }) => error);
  const whole = new Set(files.filter(({ real }) => !parts.has(real)).map(({ path }) => path));
  const found = images.filter(({ kind, path }) => kind === 'netboot' || whole.has(path));
  if (found.length === 0) throw withoutImage(directory, files, ignored);
  const unknown = rest.filter(({ error }) => error.code === 'image-unknown').map(({ path }) => path);
  const lists = unknown.filter(isDigestList);
  const nothing = unknown.filter((path) => !lists.includes(path));
  for (const error of [...ignored, ...noImages(directory, nothing, hidden)]) options.onIgnored?.(error);
  const all = files.map(({ path }) => path);
  options.onRelease?.({ directory, images: found, lists, files: all, isWhole: true });
  return found;
}

async function identify(file: { path: string; size: number }, options: Options): Promise<Image> {
  try {
    return await identifyFile(file, openWhole(options));
  } catch (error) {
    const isFileError = error instanceof Error && 'syscall' in error;
    throw isFileError ? (shortageOf(error) ?? unreadable(file.path, error)) : error;
  }
}

const extensionOf = (path: string): string => extname(path.replace(packed, '')).toLowerCase();

const isCalledImage = (path: string): boolean =>
  imageExtensions.has(extensionOf(path)) || diskExtensions.has(extensionOf(path));

/** What must not be passed over: a release gate would call the rest of the directory good. */
function isBroken({ code }: UsageError, { path }: FoundFile): boolean {
  if (imageExtensions.has(extensionOf(path))) return true;
  if (code === 'image-other-kind') return false;
  return isCalledImage(path) || (code !== 'image-unknown' && code !== 'image-not-bootable');
}

/** One line for what a directory holds beside its images: checksums, logs, what is hidden. */
function noImages(directory: string, unknown: readonly string[], hidden: readonly string[]): UsageError[] {
  const paths = [...unknown, ...hidden];
  if (paths.length === 0) return [];
  const what = paths.length === 1 ? 'what is no image' : `${paths.length} that are no images`;
  return [new UsageError('image-unknown', `${directory}: ${what} (${listOf(paths)}).`)];
}

function withoutImage(directory: string, files: Found['files'], [first]: UsageError[]): UsageError {
  if (first !== undefined) return first;
  const got =
    files.length === 0
      ? 'no files'
      : `${files.length} files that are none (${listOf(files.map(({ path }) => path))})`;
  return new UsageError(
    'image-none',
    `${directory}: expected a directory with a disk image, an ISO or a netboot set, got ${got}; build the image first, or give its path.`,
  );
}

/** The names of the first few. */
const listOf = (paths: readonly string[]): string =>
  `${paths
    .slice(0, 3)
    .map((path) => basename(path))
    .join(', ')}${paths.length > 3 ? ', …' : ''}`;
