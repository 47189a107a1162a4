import { dir } from 'tmp-promise';
import { onTestFinished } from 'vitest';

/** A directory that goes with the test that is running. */
export async function scratchDirectory(): Promise<string> {
  const { path, cleanup } = await dir({ prefix: 'bmt', unsafeCleanup: true });
  // Called without vitest's argument, which tmp would take for its callback.
  onTestFinished(() => cleanup());
  return path;
}
