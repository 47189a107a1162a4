import { type Comparison, isRefused } from '../difference.ts';
import type { Verdict } from '../events.ts';

/** Exit codes that scripts depend on. */
export const exitCodes = { passed: 0, failed: 1, usage: 2, host: 3, interrupted: 130 } as const;

/** What each means. */
export const exitMeanings: Readonly<Record<(typeof exitCodes)[keyof typeof exitCodes], string>> = {
  0: 'every verdict passed, or skipped with a reason; what failed is known',
  1: 'a guest broke its contract',
  2: 'bad usage or bad input; nothing was booted, or an archive turned out to be bad while others ran',
  3: 'the host or the harness failed; no verdict on the guest',
  130: 'interrupted; reports are written all the same',
};

/**
 * A broken guest outweighs bad input, and that a broken host: they are known, and a second run would not mend them.
 * @param run.badInput an image turned out to be none while others ran
 * @param gate.failOnFlaky a pass that needed a retry is none
 */
export function exitCodeOf(
  { verdict, interrupted, badInput }: { verdict: Verdict; interrupted: boolean; badInput: boolean },
  { failOnFlaky }: { failOnFlaky: boolean },
): number {
  if (interrupted) return exitCodes.interrupted;
  if (verdict === 'failed' || (verdict === 'flaky' && failOnFlaky)) return exitCodes.failed;
  if (badInput) return exitCodes.usage;
  return verdict === 'error' ? exitCodes.host : exitCodes.passed;
}

/** What differs refuses a run that passed; one that did not says by its code why. */
export const withComparison = (code: number, comparison: Comparison | null): number =>
  code === exitCodes.passed && comparison !== null && isRefused(comparison) ? exitCodes.failed : code;
