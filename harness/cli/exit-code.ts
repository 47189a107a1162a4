import type { Verdict } from '../events.ts';

/** Exit codes that scripts depend on. */
export const exitCodes = { passed: 0, failed: 1, usage: 2, host: 3, interrupted: 130 } as const;

/** A broken guest outweighs a broken host: it is known, and a second run would not mend it. */
export function exitCodeOf({ verdict, interrupted }: { verdict: Verdict; interrupted: boolean }): number {
  if (interrupted) return exitCodes.interrupted;
  if (verdict === 'failed') return exitCodes.failed;
  return verdict === 'error' ? exitCodes.host : exitCodes.passed;
}
