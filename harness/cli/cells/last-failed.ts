import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { AnyCell } from '../../matrix/cell.ts';
import { eventLogName } from '../../report/output-directory.ts';
import { fold } from '../../report/record/fold.ts';
import { readEvents } from '../../report/record/read-events.ts';
import type { RunRecord } from '../../report/record/record.ts';

/** What a run left to be done: the cells that failed, that the host failed, and those that never came to a verdict. */
function unsettled({ cells }: RunRecord): string[] {
  return cells
    .filter(
      ({ verdict, summary }) =>
        verdict === 'failed' || verdict === 'error' || (verdict === 'skipped' && summary.skip === undefined),
    )
    .map(({ summary }) => summary.id);
}

/**
 * Of these cells those that the run before, in `out`, left to be done.
 * @param tell takes a line about those that are not among these cells, and where none is left.
 * @throws UsageError `event-log-unreadable` where no run left its events; `last-failed-elsewhere` where none of what it left
 * is among these cells.
 */
export function keepLastFailed(
  cells: readonly AnyCell[],
  out: string,
  tell: (line: string) => void,
): AnyCell[] {
  const left = new Set(unsettled(fold(readEvents(join(out, eventLogName)))));
  if (left.size === 0) {
    tell(`--last-failed: nothing failed in the run of ${out}, so there is nothing to run again`);
    return [];
  }
  const kept = cells.filter(({ id }) => left.has(id));
  for (const { id } of kept) left.delete(id);
  const ids = [...left].join(', ');
  if (kept.length === 0) {
    throw new UsageError(
      'last-failed-elsewhere',
      `--last-failed: expected cells that failed in the run of ${out}, got none of them (${ids}); name the same images and filters as then.`,
    );
  }
  if (left.size > 0) tell(`--last-failed: not among the cells now, and so not run again: ${ids}`);
  return kept;
}
