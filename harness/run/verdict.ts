import { BootMatrixError, GuestError } from '../errors.ts';
import type { CheckResult, Verdict } from '../events.ts';

/** The worst first: what a cell or a run comes to is the worst of what is in it. A broken guest outweighs a broken host. */
const severity: readonly Verdict[] = ['failed', 'error', 'flaky', 'passed', 'skipped'];

/** One verdict for many; `skipped` only where all are, and where there is none at all. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return severity.find((one) => verdicts.includes(one)) ?? 'skipped';
}

/** An exception as a verdict: the guest's fault where it says so, else the host's or ours. */
export function describeError(error: unknown): {
  verdict: 'failed' | 'error';
  reason: string;
  evidence?: string;
} {
  if (error instanceof GuestError) {
    const { message: reason, evidence } = error;
    return { verdict: 'failed', reason, ...(evidence === undefined ? {} : { evidence }) };
  }
  if (error instanceof BootMatrixError) {
    const { message: reason, hint } = error;
    return { verdict: 'error', reason, ...(hint === undefined ? {} : { evidence: hint }) };
  }
  // Not raised on purpose, so a defect of ours: the stack is what helps.
  const unknown = error instanceof Error ? error : new Error(String(error));
  return {
    verdict: 'error',
    reason: `the harness failed: ${unknown.message}`,
    evidence: unknown.stack ?? '',
  };
}

/** One sentence for the cell: why the first bad check is bad, or why none was run. */
export function reasonOf(checks: readonly CheckResult[]): string {
  const told =
    checks.find(({ verdict }) => verdict === 'failed') ??
    checks.find(({ verdict }) => verdict === 'error') ??
    (checks.every(({ verdict }) => verdict === 'skipped') ? checks[0] : undefined);
  return told === undefined ? '' : `${told.name}: ${told.reason}`;
}
