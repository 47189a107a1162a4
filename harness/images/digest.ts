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

async function digestFile(path: string): Promise<ImageFileDigest> {
  try {
    return { path, sha256: await hashFile(path, 'sha256') };
  } catch (error) {
    throw new HostError('image-unreadable', `${path} can't be read any more to prove its digest.`, {
      hint: 'Let nothing move or replace images while they are tested.',
      cause: error,
    });
  }
}

/**
 * The digest of a file in hexadecimal. One buffer for the whole of it: a stream's fresh ones cost more than the hash, in page
 * faults and collections.
 * @param algorithm by OpenSSL's name
 */
export async function hashFile(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  const buffer = Buffer.allocUnsafeSlow(1 << 20);
  await using file = await open(path);
  for (;;) {
    const { bytesRead } = await file.read(buffer);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
  }
}
