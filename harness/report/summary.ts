import type { CheckResult } from '../events.ts';
import type { CellRecord, RunRecord } from './record.ts';

/** The text of `summary.json`: stable names and order, for scripts. Cells are in byte order of their ids. */
export function summary(record: RunRecord): string {
  const { cells, counts, accelerator, ...run } = record;
  return `${JSON.stringify({ cells: cells.map(cellOf), counts, accelerator, ...run }, null, 2)}\n`;
}

function cellOf({ summary: { id }, verdict, phase, reason, seconds, access, checks }: CellRecord): object {
  return { id, verdict, phase, reason, seconds, access, checks: checks.map(checkOf) };
}

/** `access` of a check is always a list: the ways in that it used, in the order of first use; empty for none. */
function checkOf({ name, verdict, reason, seconds, access }: CheckResult): object {
  return { name, verdict, reason, seconds, access };
}
