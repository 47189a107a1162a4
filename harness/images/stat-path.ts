import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UsageError } from '../errors.ts';
import { unreadable } from './errors.ts';

/**
 * @param path as bytes where it is not UTF-8
 * @throws UsageError `image-missing`, `image-unreadable`
 */
export async function statPath(path: string | Buffer): Promise<Stats> {
  return stat(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A link to itself leads to nothing, either.
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw unreadable(String(path), error);
    throw new UsageError(
      'image-missing',
      `${String(path)}: expected an image or a directory of images, got nothing of that name; check the path, or build the image first.`,
      { cause: error },
    );
  });
}
