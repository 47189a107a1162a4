import type { CheckResult } from '../events.ts';
import type { Attempt, CellRecord, RunRecord } from './record/record.ts';

/** The text of `summary.json`: stable names and order, for scripts. Cells are in byte order of their ids. */
export function summary(record: RunRecord): string {
  const { cells, counts, accelerator, version, contract, started, seconds, interrupted, qemu } = record;
  const { checks, comparison, digests, notices } = record;
  const only = checks === undefined ? {} : { checks };
  const run = {
    version,
    contract,
    ...only,
    started,
    seconds,
    interrupted,
    qemu,
    digests,
    comparison,
    notices,
  };
  return `${JSON.stringify({ cells: cells.map(cellOf), counts, accelerator, ...run }, null, 2)}\n`;
}

function cellOf({ summary: { id }, attempts, checks, ...cell }: CellRecord): object {
  const earlier = attempts.slice(0, -1).map(attemptOf);
  return {
    id,
    ...outcomeOf(cell),
    ...shutOf(attempts.at(-1)),
    ...explanationOf(attempts.at(-1)),
    ...inventoryOf(cell),
    checks: checks.map(checkOf),
    earlier,
  };
}

/** An attempt that the host failed; the last one is the cell itself. */
function attemptOf({ number, finished, checks }: Attempt): object {
  return { attempt: number, ...(finished && outcomeOf(finished)), checks: checks.map(checkOf) };
}

/** The boots that let nobody in, where there were such. */
const shutOf = (attempt?: Attempt): object =>
  attempt === undefined || attempt.shut.length === 0 ? {} : { shut: attempt.shut };

/** What a second boot told of why the cell failed, where there was one. */
function explanationOf(attempt?: Attempt): object {
  if (attempt === undefined || attempt.explanation === null) return {};
  const { rung, outcome, sentence, phase, seconds, directory } = attempt.explanation;
  return { explanation: { rung, outcome, sentence, phase, seconds, directory } };
}

/** Where what the guest said it is lies, and which parts could not be had; absent where it was not asked. */
const inventoryOf = ({ inventory }: Pick<CellRecord, 'inventory'>): object =>
  inventory === null ? {} : { inventory };

type Outcome = Pick<CellRecord, 'verdict' | 'phase' | 'reason' | 'seconds' | 'access'> & {
  code?: string | null;
};

const outcomeOf = ({ verdict, code = null, phase, reason, seconds, access }: Outcome): object => ({
  verdict,
  code,
  phase,
  reason,
  seconds,
  access,
});

/** `access` of a check is always a list: the ways in that it used, in the order of first use; empty for none. */
function checkOf({ name, verdict, code, reason, seconds, access }: CheckResult): object {
  return { name, verdict, code: code ?? null, reason, seconds, access };
}
