import { GuestError } from '../../errors.ts';
import type { Rung } from '../../events.ts';
import type { Cell } from '../../matrix/cell.ts';
import { endsClimb, orHostTooBusy } from '../access/ladder.ts';
import type { KnownFailure } from '../known.ts';
import { bootAsKnown } from '../known-boot.ts';
import { type Conclusion, concludeError } from '../verdict.ts';
import { usesOwnPxeClient } from '../watch/own-pxe-client.ts';

/** How a boot ended. */
export type End<T> = { value: T } | { error: unknown };

/**
 * What a cell came to whose machine a person may want to look into: it did not pass, and neither another boot nor another
 * attempt follows. Null for any other, and for a failure that is known.
 */
export function worthHolding(
  end: End<Conclusion>,
  context: {
    cell: Cell;
    known: readonly KnownFailure[];
    gotIn: boolean;
    rungs: readonly Rung[];
    rung: Rung;
  },
): Conclusion | null {
  const { gotIn } = context;
  if ('error' in end) {
    const { error } = end;
    if (usesOwnPxeClient(error)) return null;
    if (error instanceof GuestError && !gotIn && !endsClimb(error, context)) return null;
  }
  const concluded = 'value' in end ? end.value : concludeError(orHost(end.error));
  const conclusion = bootAsKnown(concluded, context);
  const isBad = conclusion.verdict === 'failed' || conclusion.verdict === 'error';
  return isBad && !conclusion.transient ? conclusion : null;
}

const orHost = (error: unknown): unknown =>
  error instanceof GuestError ? orHostTooBusy(error, error) : error;
