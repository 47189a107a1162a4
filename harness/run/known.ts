import type { CheckResult } from '../events.ts';
import type { Cell } from '../matrix/cell.ts';

/** A failure that is known. */
export interface KnownFailure {
  /** The ids of the cells. */
  cells: ReadonlySet<string>;
  /** The check's name; `boot` for a cell that lets nobody in. */
  check: string;
  /** Why, with a link. */
  because: string;
  /** The last day on which it is known, as `2026-12-31`. */
  until: string;
}

/** Code of a check that passed though it is known to fail. */
const passesAgain = 'known-passes';

/** The known failure of a check in a cell, or in the one that it repeats. */
export const knownOf = (
  known: readonly KnownFailure[],
  { id, repeatOf }: Pick<Cell, 'id' | 'repeatOf'>,
  check: string,
): KnownFailure | undefined => known.find((one) => one.check === check && one.cells.has(repeatOf ?? id));

type Told = Pick<CheckResult, 'verdict' | 'reason'> & { code?: string };

/**
 * What a known failure makes of a result: a failure is `known` until its date, and a pass is a failure, since whoever reads
 * the list must not take for broken what works. What the host did, or what was not tried, stays what it is.
 */
export function asKnown<Result extends Told>(
  result: Result,
  { because, until }: KnownFailure,
  today = new Date().toISOString().slice(0, 10),
): Result {
  const { verdict, reason } = result;
  if (verdict === 'passed') {
    const told = `it passes, though it is known to fail until ${until}: ${because}; take it off the list`;
    return { ...result, verdict: 'failed', code: passesAgain, reason: told };
  }
  if (verdict !== 'failed') return result;
  return today > until
    ? { ...result, reason: `${reason}; it was known until ${until}: ${because}` }
    : { ...result, verdict: 'known', reason: `${reason}; known until ${until}: ${because}` };
}
