import type { Access, CheckResult, Emit, Evidence } from '../../events.ts';
import type { Guest } from '../../console/guest.ts';
import type { Contract } from '../../../scenarios/contracts/contract.ts';
import type { Outcome, Scenario } from '../../../scenarios/scenario.ts';
import { orHostTooBusy } from '../watch/host-too-busy.ts';
import { startStopwatch } from '../watch/stopwatch.ts';
import { describeError, isTransient } from '../fault.ts';
import { shortReason } from '../short-reason.ts';
import type { Watch } from '../watch/watch.ts';

/** The guest without what belongs to one check. */
export type GuestBase = Omit<Guest, 'note'> & { cell: string };

export interface CheckContext {
  contract: Contract;
  watch: Watch;
  emit: Emit;
  /** Of the machine's process. */
  pid: number;
}

/** A check that has run: what is told of it, and whether what broke it may be gone another time. */
export interface RunCheck {
  result: CheckResult;
  transient: boolean;
}

/**
 * Runs one scenario and turns whatever comes of it into a result: what the guest did is `failed`, what the host did `error`.
 * Does not reject.
 */
export async function runCheck(
  scenario: Scenario,
  base: GuestBase,
  { contract, watch, emit, pid }: CheckContext,
): Promise<RunCheck> {
  const evidence: Evidence[] = [];
  const access = new Set<Access>();
  const spent = startStopwatch(pid);
  let transient = false;
  const guest: Guest = {
    ...base,
    note: (one) => {
      evidence.push(one);
      if (one.access !== undefined) access.add(one.access);
    },
  };
  emit({ type: 'check-started', cell: base.cell, check: scenario.name });
  const outcome = watch.signal.aborted
    ? notRun(watch.signal.reason)
    : await watch.guard(scenario.check(guest, contract)).catch((thrown: unknown) => {
        const error = orHostTooBusy(thrown, spent());
        transient = isTransient(error);
        const { evidence: seen, ...told } = describeError(error);
        if (seen !== undefined) evidence.push({ action: 'console', observed: seen });
        return told;
      });
  const { reason, whole } = shortReason('reason' in outcome ? outcome.reason : '');
  if (whole !== undefined) evidence.push({ action: 'the whole reason', observed: whole });
  const result: CheckResult = {
    name: scenario.name,
    file: scenario.file,
    verdict: outcome.verdict,
    ...('code' in outcome ? { code: outcome.code } : {}),
    reason,
    seconds: spent().seconds,
    access: [...access],
    evidence,
  };
  emit({ type: 'check-finished', cell: base.cell, result });
  return { result, transient };
}

/** The machine ended before this check's turn: nothing can be said of it. */
const notRun = (cause: unknown): Outcome => ({
  verdict: 'skipped',
  reason: `not run: ${describeError(cause).reason}`,
});
