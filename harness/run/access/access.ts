import { waitForSshBanner } from '../../console/shells/ssh-banner.ts';
import { HostError } from '../../errors.ts';
import { neutralWord } from '../../../scenarios/screen/keys.ts';
import { Quiet } from '../watch/quiet.ts';
import { watchReadiness } from './readiness.ts';
import { refusalOf, untilShut } from './shut.ts';
import { named } from './ways/serial.ts';
import { wayNames, ways } from './ways/table.ts';
import type { AccessOptions, Attempt, WayIn, WayName } from './ways/way.ts';

/** A way in, and the seconds that it took since the guest first showed that it lets people in, where it did. */
export interface Entry extends WayIn {
  waited?: number;
}

/**
 * Tries every way in that the contract and the machine leave open, side by side, and answers with the first that ran a
 * command; serial is preferred while it shows that somebody will answer there, and keys are typed only where nothing else is left.
 * @throws NoWayIn when the guest's boot is done and all were tried in vain. Before that it waits without bound: the
 * caller's signal carries the budget.
 */
export async function openAccess(options: AccessOptions): Promise<Entry> {
  const { port, phases, rung = 'shipped', second } = options;
  const ends = new AbortController();
  const signal = AbortSignal.any([options.signal, ends.signal]);
  const quiet = new Quiet(port.transcript, ...(second === undefined ? [] : [second.transcript]));
  const banner = waitForSshBanner({ ...options.ssh, signal });
  const ready = watchReadiness(phases, banner);
  const attempt: Attempt = {
    ...options,
    signal,
    lasting: options.signal,
    quiet,
    banner,
    typing: { word: neutralWord() },
    opened: once((name) => open(name, attempt)),
    decided: once((name) => decide(name, attempt)),
  };
  const decided = wayNames.map((name) => attempt.decided(name));
  const shut = untilShut(attempt);
  for (const one of [...decided, shut, banner]) one.catch(() => {});
  try {
    const wayIn = await Promise.race([Promise.any(decided), shut]);
    const entry: Entry = { ...wayIn, ...ready.waited() };
    return rung === 'shipped' ? entry : { ...entry, shell: named(wayIn.shell, rung), serialAutologin: null };
  } catch (error) {
    // What serial did says most of the guest.
    throw error instanceof AggregateError
      ? error.errors[0]
      : ((await refusalOf(attempt.opened('serial'))) ?? error);
  } finally {
    quiet.close();
    ready.close();
    ends.abort(new Error('the way in is decided'));
  }
}

async function open(name: WayName, attempt: Attempt): Promise<WayIn> {
  const way = ways[name];
  const needed = way.needs(attempt);
  if (needed === undefined) throw new HostError('no-such-way', 'This machine has no such way in.');
  return way.open(needed, attempt);
}

async function decide(name: WayName, attempt: Attempt): Promise<WayIn> {
  const found = await attempt.opened(name);
  return ways[name].orBetter?.(found, attempt) ?? found;
}

/** Each way is opened, and decided, once, when it is first asked for. */
function once(begin: (name: WayName) => Promise<WayIn>): (name: WayName) => Promise<WayIn> {
  const begun = new Map<WayName, Promise<WayIn>>();
  return (name) => {
    const known = begun.get(name) ?? begin(name);
    begun.set(name, known);
    return known;
  };
}
