import { BootMatrixError, GuestError, HostError } from '../errors.ts';
import { shortageOf } from '../shortage.ts';
import type { RunCheck } from './checks.ts';
import { harnessDefect, type Verdict } from '../events.ts';

/** The worst first: what a cell or a run comes to is the worst of what is in it. A broken guest outweighs a broken host. */
const severity: readonly Verdict[] = ['failed', 'error', 'flaky', 'passed', 'skipped'];

/** One verdict for many; `skipped` only where all are, and where there is none at all. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return severity.find((one) => verdicts.includes(one)) ?? 'skipped';
}

/** An exception as the reports tell it. */
export interface Fault {
  verdict: 'failed' | 'error';
  /** Stable, for scripts; `harness` for a defect of ours. */
  code: string;
  reason: string;
  evidence?: string;
}

/** An exception as a verdict: the guest's fault where it says so, else the host's or ours. */
export function describeError(thrown: unknown): Fault {
  const error = explain(thrown);
  if (error instanceof GuestError) {
    const { code, message: reason, evidence } = error;
    return { verdict: 'failed', code, reason, ...(evidence === undefined ? {} : { evidence }) };
  }
  if (error instanceof BootMatrixError) {
    const { code, message: reason, hint } = error;
    return { verdict: 'error', code, reason, ...(hint === undefined ? {} : { evidence: hint }) };
  }
  // Not raised on purpose, so a defect of ours: the stack is what helps.
  const unknown = error instanceof Error ? error : new Error(String(error));
  const reason = `the harness failed: ${unknown.message}`;
  return { verdict: 'error', code: harnessDefect, reason, evidence: unknown.stack ?? '' };
}

/** An exception as what a boot came to. */
export const concludeError = (error: unknown): Conclusion => ({
  ...describeError(error),
  transient: isTransient(error),
});

/** Whether another attempt may go better: the guest's verdicts stand, and so does what a person has to mend. */
export function isTransient(thrown: unknown): boolean {
  const error = explain(thrown);
  return error instanceof HostError && error.transient;
}

/** What the host ran out of is behind many an error, and the better explanation. */
const explain = (thrown: unknown): unknown =>
  thrown instanceof HostError && thrown.transient ? thrown : (shortageOf(thrown) ?? thrown);

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
export function conclude(checks: readonly RunCheck[]): Conclusion {
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
