import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AnyCell } from '../matrix/cell.ts';

const schema = z.record(z.string(), z.number().positive());

/** Seconds that cells took when they last ran, by id. Only a hint for the order: a lost file costs nothing but time. */
export type History = Record<string, number>;

/** The id by which a cell's duration is kept. */
export const historyKey = ({ id, repeatOf }: Pick<AnyCell, 'id' | 'repeatOf'>): string => repeatOf ?? id;

/** Reads the history; what cannot be read is no history. */
export async function readHistory(file: string): Promise<History> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

/** Adds a run's durations. Written whole and renamed: a run that is killed here leaves the old file. */
export async function writeHistory(file: string, durations: History): Promise<void> {
  const merged = { ...(await readHistory(file)), ...durations };
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(merged, null, 2));
  await rename(temporary, file);
}
