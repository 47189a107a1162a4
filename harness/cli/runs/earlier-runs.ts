import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readBaseline } from '../../compare/baseline.ts';
import type { RecordedRun } from '../../compare/recorded.ts';
import { UsageError } from '../../errors.ts';
import type { RunEvent } from '../../events.ts';
import { printable } from '../../printable.ts';
import { eventLogName } from '../../report/output-directory.ts';
import { fold } from '../../report/record/fold.ts';
import { readEvents } from '../../report/record/read-events.ts';
import type { RunRecord } from '../../report/record/record.ts';
import { readGivenFile } from '../given-file.ts';
import { recordedRun } from './recorded-run.ts';

/** A baseline of two thousand large systems is a tenth of it. */
const mostBytes = 256 * 2 ** 20;

/**
 * Reads the runs that somebody named: the output directory of one, or a file of `boot-matrix baseline`.
 * @returns the newest first.
 * @throws UsageError `no-baseline`: what was expected and what was got.
 */
export function readRuns(path: string): [RecordedRun, ...RecordedRun[]] {
  try {
    if (statSync(path).isDirectory()) return [readReport(path)];
    return readBaseline(readGivenFile(path, mostBytes), path);
  } catch (error) {
    // It may quote the file.
    const why = printable((error as Error).message, 200);
    throw new UsageError(
      'no-baseline',
      `Expected the directory of a run's reports, or a file of boot-matrix baseline, got ${path}: ${why}.`,
      { cause: error },
    );
  }
}

function readReport(out: string): RecordedRun {
  const file = join(out, eventLogName);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Error(`it has no file ${eventLogName}`);
  const record = recordOf(readEvents(file));
  if (record.interrupted) throw new Error('that run was interrupted, or has not ended');
  return recordedRun(record, { out, name: out });
}

/** What is an event by its type alone may have none of its parts. */
function recordOf(events: readonly RunEvent[]): RunRecord {
  try {
    return fold(events);
  } catch (cause) {
    throw new Error(`its ${eventLogName} does not hold the events of a run`, { cause });
  }
}

/**
 * Refuses runs of other images: where no cell is the same there is nothing to compare.
 * @throws UsageError `other-baseline`
 */
export function refuseOthers(runs: readonly RecordedRun[], cells: readonly { id: string }[]): void {
  const [newest] = runs;
  if (newest === undefined) return;
  const ids = new Set(newest.cells.map(({ id }) => id));
  if (cells.some(({ id }) => ids.has(id))) return;
  const some = [...ids]
    .slice(0, 3)
    .map((id) => printable(id))
    .join(', ');
  throw new UsageError(
    'other-baseline',
    `Expected a baseline with cells of this run, got ${newest.name}, which has none of them but ${some || 'no cell'}; name one of the same images, or none.`,
  );
}
