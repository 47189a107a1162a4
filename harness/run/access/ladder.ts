import { GuestError, type HostError } from '../../errors.ts';
import type { Rung, ShutRung } from '../../events.ts';
import { NoWayIn } from './no-way-in.ts';
import { type Conclusion, concludeError } from '../verdict.ts';
import { hostTooBusy } from '../watch/host-too-busy.ts';

export interface Climb {
  /** The rungs in their order, at least one; from the second on each is a boot of its own. */
  rungs: readonly Rung[];
  /** Boots the cell by a rung and examines it; rejects when nobody got in, or when it ended before. */
  boot: (rung: Rung) => Promise<Conclusion>;
  /** Whether the boot that failed had a way in: what happened after that is no matter of the way. */
  gotIn: () => boolean;
  /** Is told of each rung that is shut while there is another. */
  onShut: (shut: ShutRung, next: Rung) => void;
}

/** Why a rung is shut. */
interface Shut extends ShutRung {
  error: GuestError;
}

/** How a rung boots a cell, for a sentence. */
export const how: Record<Rung, string> = {
  shipped: 'as it ships',
  credentials: "with systemd's credentials for a login and a second console",
  menu: 'with its kernel told to speak on serial, by keys at its boot menu',
  kernel: 'with its kernel started directly and told to speak on serial',
};

/**
 * Boots a cell by one rung after the other until somebody gets in. Only a guest whose boot is done, and that lets nobody
 * in, is booted by the next rung: one that panics or gets stuck is the same by every way.
 * @throws GuestError of the first boot, with what came of the others.
 */
export async function climb({ rungs, boot, gotIn, onShut }: Climb): Promise<Conclusion> {
  const shut: Shut[] = [];
  for (const [index, rung] of rungs.entries()) {
    try {
      const conclusion = await boot(rung);
      return rung === 'kernel' ? withoutBootloader(conclusion, shut[0]) : conclusion;
    } catch (error) {
      if (!(error instanceof GuestError) || gotIn()) throw error;
      if (endsClimb(error, { rungs, rung }) && index === 0) throw orHostTooBusy(error, error);
      shut.push({ rung, reason: error.message, error });
      const next = rungs[index + 1];
      if (next !== undefined) onShut({ rung, reason: error.message }, next);
    }
  }
  const [first, ...others] = shut as [Shut, ...Shut[]];
  const told = others.map(({ rung, reason }) => `${how[rung]}: ${reason}`);
  const evidence = shut.flatMap(({ error }) => error.evidence ?? []).at(-1);
  const details = evidence === undefined ? {} : { evidence };
  throw orHostTooBusy(
    new GuestError(first.error.code, [first.reason, ...told].join('; '), details),
    first.error,
  );
}

/** Whether after a boot that nobody got into, and that ended so, no further rung is tried. */
export const endsClimb = (
  error: GuestError,
  { rungs, rung }: { rungs: readonly Rung[]; rung: Rung },
): boolean => rungs.at(-1) === rung || (rungs[0] === rung && !isShut(error));

/** The same error, or the host's, where it kept a guest from running of which nobody has seen a sign that its boot was done. */
export function orHostTooBusy(error: GuestError, shipped: GuestError): GuestError | HostError {
  if (!(shipped instanceof NoWayIn) || shipped.sign !== 'idle' || shipped.starvation === null) return error;
  return hostTooBusy(error.message, shipped.starvation);
}

/** Whether a boot was done, and its guest let nobody in. */
const isShut = (error: GuestError): boolean => error instanceof NoWayIn || error.code === 'login-required';

/**
 * A kernel that was started directly says nothing of the bootloader. That it does its part is known where the image, as it
 * ships, gave a sign that its boot is done; else what holds this way is no pass.
 */
function withoutBootloader(conclusion: Conclusion, first?: Shut): Conclusion {
  const isUnproven =
    first?.rung === 'shipped' && first.error instanceof NoWayIn && first.error.sign === 'idle';
  if (!isUnproven || conclusion.verdict === 'failed' || conclusion.verdict === 'error') return conclusion;
  const reason =
    `${first.reason}; ${how.kernel} it keeps its contract, ` +
    'so either its bootloader does not start it, or it shows nothing to the outside';
  return concludeError(orHostTooBusy(new GuestError('bootloader-unproven', reason), first.error));
}
