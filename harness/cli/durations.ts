import { join } from 'node:path';
import { cacheDirectory } from '../cache-directory.ts';
import { type History, readHistory, writeHistory } from '../schedule/history.ts';

const file = (): string => join(cacheDirectory(), 'durations.json');

/** Seconds that cells took when they last ran here. */
export const readDurations = (): Promise<History> => readHistory(file());

/** Adds a run's; it is only a hint for the order, so that a disk that cannot be written to costs nothing else. */
export const keepDurations = (durations: History): Promise<void> =>
  writeHistory(file(), durations).catch(() => {});
