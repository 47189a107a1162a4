import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../../scenarios/contracts/contract.ts';
import type { Outcome } from '../../../scenarios/scenario.ts';
import type { Guest } from '../../console/guest.ts';
import { HostError } from '../../errors.ts';
import type { Access, CheckResult, Emit, Evidence } from '../../events.ts';
import { describeError, isTransient } from '../fault.ts';
import { asKnown, type KnownFailure } from '../known.ts';
import { orHostTooBusy } from '../watch/host-too-busy.ts';
import { startStopwatch } from '../watch/stopwatch.ts';
import { shortReason } from '../short-reason.ts';
import type { Watch } from '../watch/watch.ts';
import type { Check } from './checks.ts';
import { describeThrown } from './thrown.ts';

/** The guest without what belongs to one check. */
export type GuestBase = Omit<Guest, 'note'> & { cell: string };

export interface CheckContext {
  contract: Contract;
  watch: Watch;
  emit: Emit;
  /** Of the machine's process. */
  pid: number;
  /** Why nothing can be checked any more, e.g. that the machine was switched off. */
  over: HostError | undefined;
  /** The failure of this check that is known. */
  known: KnownFailure | undefined;
}

/** A check that has run: what is told of it, and whether what broke it may be gone another time. */
export interface RunCheck {
  result: CheckResult;
  transient: boolean;
}

/**
 * Runs one check and turns whatever comes of it into a result: what the guest did is `failed`, what the host did `error`.
 * Does not reject.
 */
export async function runCheck(
  check: Check,
  base: GuestBase,
  { contract, watch, emit, pid, over, known }: CheckContext,
): Promise<RunCheck> {
  const { scenario, file } = check;
  const evidence: Evidence[] = [];
  const access = new Set<Access>();
  const spent = startStopwatch(pid);
  let transient = false;
  const guest: Guest = {
    ...base,
    // Another one after a reboot.
    get shell() {
      return base.shell;
    },
    note: (one) => {
      evidence.push(one);
      if (one.access !== undefined) access.add(one.access);
    },
  };
  emit({ type: 'check-started', cell: base.cell, check: scenario.name });
  const told = (thrown: unknown) => {
    const error = orHostTooBusy(thrown, spent());
    transient = isTransient(error);
    const { evidence: seen, ...fault } = describeThrown(error, check.own?.source, check.own?.base ?? '');
    if (seen !== undefined)
      evidence.push({ action: fault.code === 'assertion' ? 'expect' : 'console', observed: seen });
    return fault;
  };
  const outcome = await outcomeOf(check, guest, { contract, watch, over }).catch(told);
  const { reason, whole } = shortReason('reason' in outcome ? outcome.reason : '');
  if (whole !== undefined) evidence.push({ action: 'the whole reason', observed: whole });
  const found: CheckResult = {
    name: scenario.name,
    file,
    verdict: outcome.verdict,
    ...('code' in outcome ? { code: outcome.code } : {}),
    reason,
    seconds: spent().seconds,
    access: [...access],
    evidence,
  };
  const result = known === undefined ? found : asKnown(found, known);
  emit({ type: 'check-finished', cell: base.cell, result });
  return { result, transient };
}

async function outcomeOf(
  { scenario, own }: Check,
  guest: Guest,
  { contract, watch, over }: Pick<CheckContext, 'contract' | 'watch' | 'over'>,
): Promise<Outcome> {
  if (watch.signal.aborted) return notRun(watch.signal.reason);
  if (over !== undefined) throw over;
  if (scenario.needs.includes('medium') && guest.medium === undefined) return noMedium;
  const work = scenario.check(guest, contract);
  return watch.guard(own === undefined ? work : bounded(work, scenario.timeoutSeconds, guest.slowness));
}

/** A check of somebody's own may wait for what never comes. */
async function bounded<T>(work: Promise<T>, seconds: number, slowness: number): Promise<T> {
  const done = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(seconds * slowness * 1000, undefined, { signal: done.signal });
    throw new HostError('check-timeout', `the check did not end within ${seconds} s`, {
      hint: 'Look for what it waits for; timeoutSeconds of the scenario gives it longer.',
    });
  };
  try {
    return await Promise.race([work, late()]);
  } finally {
    done.abort();
  }
}

/** The machine ended before this check's turn: nothing can be said of it. */
const notRun = (cause: unknown): Outcome => ({
  verdict: 'skipped',
  reason: `not run: ${describeError(cause).reason}`,
});

const noMedium: Outcome = {
  verdict: 'skipped',
  reason: 'the machine was started from a fixed disk or the network: there is no medium to pull',
};
