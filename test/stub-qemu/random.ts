import { seededRandom } from '../../harness/console/testing/random.ts';

/** The same bytes for the same seed. */
export function randomBytes(seed: number, length: number): Buffer {
  const next = seededRandom(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)));
}
