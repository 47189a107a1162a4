import { open, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { withDir } from 'tmp-promise';
import type { DiskDriver } from './image.ts';
import { extractRange } from './disk/qemu-img.ts';

/** Bytes that can be read anywhere: a file as it lies on the host's disk, or a disk as the guest sees it. */
export interface Content {
  /** The image's path, for messages. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Exactly `length` bytes; zeros beyond the end, so that parsers need no bounds of their own. */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  /** Where a program finds the range; valid as long as the content is open. */
  readonly expose: (offset: number, length: number) => Promise<ExposedRange>;
}

/**
 * A range in a plain file. The program is to run in the directory: to mtools and e2fsprogs `$`, `@@` and `?` in a path mean
 * something, and TMPDIR may hold any of them.
 */
export interface ExposedRange {
  directory: string;
  /** Of the file in the directory; letters and digits. */
  name: string;
  /** Where the range begins in the file, bytes. */
  offset: number;
}

interface Source {
  path: string;
  /** Told by magic, never probed; `raw` gives the file's own bytes. */
  driver: DiskDriver;
  size: number;
}

/** Bytes of a disk that are read at once, and that are extracted at most: a compressed image can hold a thousand times its size. */
const headLength = 1 << 17;
const maxExtract = 4 * 2 ** 30;

/** Opens content read-only for as long as `use` runs. */
export function withContent<T>(source: Source, use: (content: Content) => Promise<T>): Promise<T> {
  return withDir(
    ({ path: scratch }) =>
      source.driver === 'raw' ? useFile(source, scratch, use) : use(contentOfDisk(source, scratch)),
    { prefix: 'boot-matrix-image-', unsafeCleanup: true },
  );
}

async function useFile<T>(
  { path, size }: Source,
  scratch: string,
  use: (content: Content) => Promise<T>,
): Promise<T> {
  const handle = await open(path, 'r');
  let link: Promise<string> | undefined;
  const nameFile = async (): Promise<string> => {
    await symlink(path, join(scratch, 'image'));
    return 'image';
  };
  try {
    return await use({
      path,
      size,
      read: async (offset, length) => {
        const buffer = Buffer.alloc(length);
        if (offset < size) await handle.read(buffer, 0, length, offset);
        return buffer;
      },
      expose: async (offset) => ({ directory: scratch, name: await (link ??= nameFile()), offset }),
    });
  } finally {
    await handle.close();
  }
}

function contentOfDisk({ path, driver, size }: Source, scratch: string): Content {
  let extracted = 0;
  let head: Promise<Buffer> | undefined;
  const extract = async (offset: number, length: number): Promise<string> => {
    const name = `${extracted++}`;
    await extractRange(
      { path, driver },
      { offset, length: Math.min(length, size - offset, maxExtract) },
      join(scratch, name),
    );
    return name;
  };
  const read = async (offset: number, length: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(length);
    if (offset >= size) return buffer;
    const file = join(scratch, await extract(offset, length));
    (await readFile(file)).copy(buffer);
    await rm(file);
    return buffer;
  };
  return {
    path,
    size,
    // Each extraction is a process; most of what is read lies at the start.
    read: async (offset, length) => {
      if (offset + length > headLength) return read(offset, length);
      head ??= read(0, headLength);
      return Buffer.from((await head).subarray(offset, offset + length));
    },
    expose: async (offset, length) => ({
      directory: scratch,
      name: await extract(offset, length),
      offset: 0,
    }),
  };
}
