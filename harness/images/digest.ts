import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import pLimit from 'p-limit';
import { HostError } from '../errors.ts';
import type { ImageFileDigest } from '../events.ts';

/** Files that are read at once over all calls: one hash fills a core, and a disk gains little from more. */
const limit = pLimit(2);

/**
 * SHA-256 of files, streamed; each distinct path once, in the order given.
 * @throws HostError `image-unreadable`
 */
export async function digestFiles(files: readonly string[]): Promise<ImageFileDigest[]> {
  return Promise.all([...new Set(files)].map((path) => limit(() => digestFile(path))));
}

/** One buffer for the whole of a file: a stream's fresh ones cost more than the hash, in page faults and collections. */
async function digestFile(path: string): Promise<ImageFileDigest> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(1 << 20);
  try {
    const file = await open(path);
    try {
      for (;;) {
        const { bytesRead } = await file.read(buffer);
        if (bytesRead === 0) break;
        hash.update(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new HostError('image-unreadable', `${path} can't be read any more to prove its digest.`, {
      hint: 'Let nothing move or replace images while they are tested.',
      cause: error,
    });
  }
  return { path, sha256: hash.digest('hex') };
}
