/** How a run marks as its own what a later one may have to clean up after it; `sweep` reads the marks. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import { thisProcess } from '../../owner.ts';

/** Its path is short: a unix socket's has room for 107 bytes. */
export const scratchPrefix = 'bm';
/** The file in a scratch directory that names the harness. */
export const ownerFile = 'owner.json';
/** The variable in a QEMU's environment that does. */
export const ownerVariable = 'BOOT_MATRIX_OWNER';

/** Makes the directory of a run's files that go away with it; the guardian removes it. */
export async function makeScratch(): Promise<string> {
  const { path } = await dir({ prefix: scratchPrefix, keep: true });
  await writeFile(join(path, ownerFile), JSON.stringify(thisProcess()));
  return path;
}

/** The environment of a QEMU. */
export const ownedEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  [ownerVariable]: JSON.stringify(thisProcess()),
});
