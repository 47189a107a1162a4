/** Scratch files for tests of what an image is, and how findImages answers for them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir, withDir } from 'tmp-promise';
import { expect, onTestFinished } from 'vitest';
import { UsageError } from '../harness/errors.ts';
import { findImages } from '../harness/images/find.ts';
import type { DiskImage, IsoImage } from '../harness/images/image.ts';
import { bootCode, fatFile, gptDisk, mbrDisk } from './media.ts';

/** FAT file systems of 4096 sectors with one UEFI loader each, in small and in capital letters. */
export const [x64, aa64] = await withDir(
  async ({ path }) => {
    await Promise.all([
      fatFile(join(path, 'x64'), ['bootx64.efi']),
      fatFile(join(path, 'aa64'), ['BOOTAA64.EFI']),
    ]);
    return Promise.all([readFile(join(path, 'x64')), readFile(join(path, 'aa64'))]);
  },
  { unsafeCleanup: true },
);

export const legacyDisk = (): Buffer =>
  mbrDisk(4096, [{ type: 'linux', first: 2048, sectors: 2048, active: true }], bootCode);

export const efiDisk = (loader = x64, code?: Buffer): Buffer =>
  gptDisk(
    8192,
    [
      { type: 'esp', first: 2048, sectors: 4096, content: loader },
      { type: 'linux', first: 6144, sectors: 1024 },
    ],
    code,
  );

/** A directory that goes when the test has finished. */
export async function directory(): Promise<string> {
  const { path, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  return path;
}

/** A file in a directory of its own. */
export async function file(content: Buffer | string, name = 'image'): Promise<string> {
  const path = join(await directory(), name);
  await writeFile(path, content);
  return path;
}

/** The one disk or ISO that findImages finds. */
export async function findOne(path: string): Promise<DiskImage | IsoImage> {
  const [image, ...others] = await findImages([path]);
  expect(others).toEqual([]);
  if (image === undefined || image.kind === 'netboot') throw new Error('no disk and no ISO');
  return image;
}

/** How findImages refuses a path: code and message, the path shortened to its last part. */
export async function refusal(path: string): Promise<string> {
  const error: unknown = await findImages([path]).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof UsageError
    ? `${error.code}: ${error.message.replace(/^\/.*?([^/]+: expected)/, '$1')}`
    : '';
}
