import type { Verdict } from '../events.ts';
import type { RunCheck } from './examine/run-check.ts';
import { describeError, isTransient } from './fault.ts';

/** The worst first: what a cell or a run comes to is the worst of what is in it. A broken guest outweighs a broken host. */
const severity: readonly Verdict[] = ['failed', 'error', 'flaky', 'known', 'passed', 'skipped'];

/** One verdict for many; `skipped` only where all are, and where there is none at all. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return severity.find((one) => verdicts.includes(one)) ?? 'skipped';
}

/** An exception as what a boot came to. */
export const concludeError = (error: unknown): Conclusion => ({
  ...describeError(error),
  transient: isTransient(error),
});

/** What one boot of a cell came to; `transient` as of an error, false with any other verdict. */
export interface Conclusion {
  verdict: Verdict;
  code?: string;
  /** One sentence; empty when passed. */
  reason: string;
  evidence?: string;
  transient: boolean;
}

/** The sum of a boot's checks, with the reason of the first bad one, or why none was run. */
export function sumUp(checks: readonly Pick<RunCheck, 'result' | 'transient'>[]): Conclusion {
  const verdict = worstVerdict(checks.map(({ result }) => result.verdict));
  const decisive = checks.filter(({ result }) => result.verdict === verdict);
  const [told] = verdict === 'passed' ? [] : decisive;
  if (told === undefined) return { verdict, reason: '', transient: false };
  const { name, code, reason } = told.result;
  return {
    verdict,
    ...(code === undefined ? {} : { code }),
    reason: `${name}: ${reason}`,
    // Another attempt that would meet the lasting one again is in vain.
    transient: verdict === 'error' && decisive.every((check) => check.transient),
  };
}
