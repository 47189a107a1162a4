import { isRefused } from '../difference.ts';
import type { RunRecord } from './record/record.ts';
import { count } from './terminal/lines.ts';

/** `2 of 18 cells failed`; what is worst comes first. */
export function headline({ counts, comparison, interrupted }: RunRecord): string {
  const { total, passed, failed, error, skipped, flaky, known } = counts;
  const told = [
    failed > 0 && `${failed} failed`,
    error > 0 && `${error} could not be tested`,
    flaky > 0 && `${flaky} passed only when tried again`,
    known > 0 && `${known} failed as is known`,
    passed > 0 && `${passed} passed`,
    skipped > 0 && `${skipped} skipped`,
  ].filter((part) => part !== false);
  const sum =
    passed === total && total > 0
      ? total === 1
        ? '1 cell passed'
        : `All ${total} cells passed`
      : `${count(total, 'cell')}: ${told.join(', ')}`;
  if (comparison !== null && isRefused(comparison)) return `${sum}; what they are differs`;
  return interrupted ? `${sum}; the run was interrupted` : sum;
}
