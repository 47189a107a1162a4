import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { withDir } from 'tmp-promise';
import { HostError } from '../../errors.ts';
import type { Content } from '../content.ts';
import { OnlyWhole } from '../disk/disk.ts';
import type { Archive, Compression } from '../image.ts';
import { compressionOf, decompress, throughProgram } from './compression.ts';
import { explainFailure } from './failure.ts';
import { SparseFile } from './sparse-file.ts';
import { isTar } from './tar.ts';
import { bootDevice, isVma, readVma, type VmaDevice } from './vma.ts';

/**
 * How much of what is inside is looked at, one after the other until it tells: tables and boot sectors, then mostly the
 * loaders on an EFI system partition. Bytes.
 */
export const headLengths = [1 << 20, 16 << 20] as const;
/** Enough to tell an archive. */
const firstBytes = 512;

/** The first bytes of what an archive holds. */
export interface Beginning {
  compression?: Compression;
  bytes: Buffer;
  /** Why there are no more, where they should go on. */
  problem?: string;
}

/** Reads so many bytes of what is in an archive; undefined for a file that is none. */
export async function readBeginning(file: Content, length: number): Promise<Beginning | undefined> {
  const start = await file.read(0, firstBytes);
  const compression = compressionOf(start);
  if (compression !== undefined)
    return { compression, ...(await decompressed(file.path, compression, length)) };
  if (!isVma(start) && !isTar(start)) return undefined;
  return { bytes: await file.read(0, Math.min(file.size, length)) };
}

async function decompressed(
  path: string,
  compression: Compression,
  length: number,
): Promise<Omit<Beginning, 'compression'>> {
  const { stream } = decompress(path, compression, { beginning: true });
  const { bytes, failure } = await firstOf(stream, length);
  if (failure === undefined) return { bytes };
  const error = explainFailure(path, compression, failure);
  if (error instanceof HostError) throw error;
  return { bytes, problem: / got (.*); /.exec(error.message)?.[1] ?? 'a broken one' };
}

/**
 * Puts the beginning of the disk inside into a file of ours.
 * @param archive its path, for messages
 * @throws UsageError `image-damaged`; OnlyWhole where the archive begins with something else
 */
export function withBeginning<T>(
  archive: string,
  { kind }: Archive,
  bytes: Buffer,
  use: (file: string) => Promise<T>,
): Promise<T> {
  return withDir(
    async ({ path }) => {
      const file = join(path, 'beginning');
      if (kind === 'vma') await writeVmaBeginning(archive, bytes, file);
      else if (kind === 'google-compute') await writeTarBeginning(bytes, file);
      else await writeSparse(bytes, file);
      return use(file);
    },
    { prefix: 'boot-matrix-head-', unsafeCleanup: true },
  );
}

async function writeSparse(bytes: Buffer, path: string): Promise<void> {
  const file = await SparseFile.create(path);
  await file.write(bytes, 0).finally(() => file.close());
}

async function writeVmaBeginning(archive: string, bytes: Buffer, path: string): Promise<void> {
  const file = await SparseFile.create(path);
  let wanted: VmaDevice | undefined;
  let begins = false;
  try {
    await readVma(archive, only(bytes), {
      beginning: true,
      onHeader: async ({ devices }) => void (wanted = bootDevice(devices)),
      onBlocks: async (device, offset, data) => {
        if (device !== wanted) return;
        begins ||= offset === 0;
        await file.write(data, offset);
      },
    });
  } finally {
    await file.close();
  }
  if (!begins) throw new OnlyWhole();
}

// oxlint-disable-next-line typescript/require-await -- a stream of one piece.
async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** What libarchive makes of an archive that is cut off, up to there: a sparse file may be mostly holes. */
async function writeTarBeginning(bytes: Buffer, path: string): Promise<void> {
  const disk = throughProgram(['bsdtar', '-xOqf', '-', '*disk.raw']);
  pipeline(Readable.from([bytes]), disk, () => {});
  const { bytes: first } = await firstOf(disk, bytes.length);
  if (first.length === 0) throw new OnlyWhole();
  await writeSparse(first, path);
}

/** A stream's first bytes, and why there are no more where it failed before. */
async function firstOf(
  stream: AsyncIterable<Buffer>,
  length: number,
): Promise<{ bytes: Buffer; failure?: unknown }> {
  const parts: Buffer[] = [];
  let read = 0;
  try {
    for await (const part of stream) {
      parts.push(part);
      read += part.length;
      if (read >= length) break;
    }
  } catch (failure) {
    return { bytes: Buffer.concat(parts), failure };
  }
  return { bytes: Buffer.concat(parts) };
}
