import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../harness/errors.ts';

/** `m` is for a package that is CommonJS by its `package.json`. */
const names = ['boot.config.ts', 'boot.config.js', 'boot.config.json', 'boot.config.mts', 'boot.config.mjs'];

/**
 * The config of a directory; undefined where there is none.
 * @throws UsageError `several-configs`
 */
export async function findConfig(directory: string): Promise<string | undefined> {
  const there = await readdir(directory).catch((): string[] => []);
  const [first, ...others] = names.filter((name) => there.includes(name));
  if (others.length > 0) {
    throw new UsageError(
      'several-configs',
      `Expected one config in ${directory}, got ${[first, ...others].join(' and ')}; remove one, or name one by --config.`,
    );
  }
  return first === undefined ? undefined : join(directory, first);
}
