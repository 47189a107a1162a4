import { GuestError } from '../../errors.ts';
import { untilBootDone } from './boot-done.ts';
import { NoWayIn, type Sign } from './no-way-in.ts';
import { longestTry, mostQuietSeconds } from './ways/keys.ts';
import { wayNames, ways } from './ways/table.ts';
import type { Attempt, Way, WayIn } from './ways/way.ts';

/** Seconds of silence on every console after which no login prompt is to be expected there, once the boot is done. */
const silenceSeconds = { spoke: 60, silent: 30 };
/** What all that is tried once the boot is done may take, before the keys, by keys and after them; keys have their own pace. */
const longestSeconds = longestTry.seconds + 2 * mostQuietSeconds;

/**
 * Waits until the guest's boot is done and every way in had the time to open; never resolves.
 * @throws NoWayIn when none of them did.
 */
export async function untilShut(attempt: Attempt): Promise<never> {
  const { phases, slowness, onBootDone } = attempt;
  const sign = await untilBootDone(attempt);
  const tried = tryToTheEnd(attempt, sign).then((end) => {
    if (end !== null) throw end;
    return new Promise<never>(() => {});
  });
  if (sign === 'ssh' || phases.here === 'login') onBootDone?.(tried, longestSeconds * Math.max(1, slowness));
  return tried;
}

/**
 * Gives every way in the time to open.
 * @returns why there is none; null where one did, though it may wait for a better one.
 */
export async function tryToTheEnd(attempt: Attempt, sign: Sign): Promise<NoWayIn | null> {
  const { phases, port, quiet, second, signal, slowness } = attempt;
  const refused = await Promise.allSettled([
    ...(sign === 'ssh' ? openedOf(attempt, "the server's refusal") : []),
    ...openedOf(attempt, 'refusal'),
  ]);
  const speaks = phases.isSystemOnSerial || (second?.transcript.end ?? 0) > 0;
  await quiet.last((speaks ? silenceSeconds.spoke : silenceSeconds.silent) * slowness, {
    most: mostQuietSeconds * slowness,
    signal,
  });
  // Whoever starts an agent, or a server on a vsock, has had the time to.
  const untold = await Promise.all(openedOf(attempt, 'nothing').map(outcomeOf));
  const outcomes = [...refused, ...untold.flat()];
  const all = await Promise.all(wayNames.map((name) => outcomeOf(attempt.opened(name))));
  if (all.flat().some(({ status }) => status === 'fulfilled')) return null;
  const reasons = refusals(outcomes).map(({ message }) => message);
  return new NoWayIn(
    sign,
    ['no login prompt or shell answered on the serial port', ...reasons],
    port.transcript.tail(),
  );
}

/** The ways that show so that they are shut. */
const openedOf = ({ opened }: Attempt, by: Way<unknown>['isShutBy']): Promise<WayIn>[] =>
  wayNames.filter((name) => ways[name].isShutBy === by).map((name) => opened(name));

/** What came of this way in so far: nothing, or one outcome. */
const outcomeOf = (way: Promise<unknown>): Promise<PromiseSettledResult<unknown>[]> =>
  Promise.race([Promise.allSettled([way]), new Promise<[]>((resolve) => setImmediate(resolve, []))]);

/** Why the guest refused these ways in. */
const refusals = (outcomes: readonly PromiseSettledResult<unknown>[]): GuestError[] =>
  outcomes.flatMap((one) =>
    one.status === 'rejected' && one.reason instanceof GuestError ? [one.reason] : [],
  );

/** Why the guest refused this way in so far, where it did. */
export const refusalOf = async (way: Promise<unknown>): Promise<GuestError | undefined> =>
  refusals(await outcomeOf(way))[0];
