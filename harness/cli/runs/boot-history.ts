import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { cacheDirectory } from '../../cache-directory.ts';
import { keepBoots, type RecordedBoot, recordedBootSchema } from '../../compare/boots.ts';

const schema = z.strictObject({ version: z.literal(1), boots: z.array(recordedBootSchema) });

const file = (): string => join(cacheDirectory(), 'boots.json');

/** What is kept of the boots of earlier runs here, the oldest first; what cannot be read is no history. */
export async function readBoots(): Promise<RecordedBoot[]> {
  try {
    return schema.parse(JSON.parse(await readFile(file(), 'utf8'))).boots;
  } catch {
    return [];
  }
}

/**
 * Adds a run's. Written whole and renamed: a run that is killed here leaves the old file. A disk that cannot be written
 * to costs nothing but the comparison.
 */
export async function addBoots(added: readonly RecordedBoot[]): Promise<void> {
  if (added.length === 0) return;
  const path = file();
  const temporary = `${path}.${process.pid}`;
  const boots = keepBoots(await readBoots(), added);
  const lines = boots.map((boot) => JSON.stringify(boot)).join(',\n');
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, `{"version":1,"boots":[\n${lines}\n]}\n`);
    await rename(temporary, path);
  } catch {
    // As if it had not run.
  }
}
