import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
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

async function digestFile(path: string): Promise<ImageFileDigest> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    throw new HostError('image-unreadable', `${path} can't be read any more to prove its digest.`, {
      cause: error,
    });
  }
  return { path, sha256: hash.digest('hex') };
}
