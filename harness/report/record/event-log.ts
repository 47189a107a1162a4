import { appendFileSync, closeSync, openSync, renameSync } from 'node:fs';
import path from 'node:path';
import { HostError } from '../../errors.ts';
import { shortageOf } from '../../shortage.ts';
import { clearEarlierRun, eventLogName, outputUnusable } from '../output-directory.ts';

export interface EventLog {
  /** Writes one line before it returns: once emitted, an event survives a crash of the harness. */
  append(line: string): void;
  close(): void;
}

/**
 * Makes the output directory a run's own (an earlier run's reports go, other files stay) and opens its event log.
 * @param cells ids of the cells of this run.
 * @throws UsageError `output-unusable` when the directory cannot be made or written to.
 */
export function openEventLog(outDir: string, cells: readonly string[]): EventLog {
  const file = path.join(outDir, eventLogName);
  const fd = openFresh(file, outDir, cells);
  return {
    append(line) {
      try {
        appendFileSync(fd, `${line}\n`);
      } catch (error) {
        const hint = shortageOf(error)?.hint;
        throw new HostError('event-log-unwritable', `${file} could not be written: ${messageOf(error)}`, {
          hint,
          cause: error,
        });
      }
    },
    close: () => closeSync(fd),
  };
}

/** Replaced by renaming, and last: until then the old log says what of the earlier run is still to be removed. */
function openFresh(file: string, outDir: string, cells: readonly string[]): number {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    clearEarlierRun(outDir, file, cells);
    const fd = openSync(temporary, 'w');
    renameSync(temporary, file);
    return fd;
  } catch (error) {
    throw outputUnusable(outDir, error);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
