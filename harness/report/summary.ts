import type { CheckResult } from '../events.ts';
import type { CellRecord, RunRecord } from './record.ts';

/** The text of `summary.json`: stable names and order, for scripts. Cells are in byte order of their ids. */
export function summary(record: RunRecord): string {
  const { counts, accelerator, version, contract, started, seconds, interrupted, qemu, digests } = record;
  const cells = record.cells.map(cellOf);
  const told = {
    cells,
    counts,
    accelerator,
    version,
    contract,
    started,
    seconds,
    interrupted,
    qemu,
    digests,
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}

function cellOf({ summary: { id }, verdict, phase, reason, seconds, access, checks }: CellRecord): object {
  return { id, verdict, phase, reason, seconds, access, checks: checks.map(checkOf) };
}

/** `access` of a check is always a list: the ways in that it used, in the order of first use; empty for none. */
function checkOf({ name, verdict, reason, seconds, access }: CheckResult): object {
  return { name, verdict, reason, seconds, access };
}
