import { GuestError } from '../errors.ts';
import { type CellOutcome, rungs } from '../events.ts';
import type { Cell } from '../matrix/cell.ts';
import { worthHolding } from './hold/worth.ts';
import { examine } from './examine/examine.ts';
import { listen } from './examine/listen.ts';
import { type SecondBoot, explain } from './explain.ts';
import { findHostFault } from './host-faults.ts';
import { bootAsKnown } from './known-boot.ts';
import { climb, how } from './access/ladder.ts';
import { type Conclusion, concludeError } from './verdict.ts';
import { bootRung, type Place } from './boot-rung.ts';
import { addUp, type AttemptProgress, type CellContext } from './context.ts';

/** What one attempt at a cell came to. */
export interface AttemptResult {
  outcome: CellOutcome;
  /** Another attempt may go better. */
  transient: boolean;
  /** The share of the processor time that its machines wanted and the host did not give; null where it is not known. */
  starved: number | null;
}

/** Runs a cell from power-on to a verdict, once; everything that happens on the way is an event. Does not reject. */
export async function runAttempt(cell: Cell, attempt: number, context: CellContext): Promise<AttemptResult> {
  const began = performance.now();
  const progress = nothingYet();
  let conclusion: Conclusion;
  const shipped: Pick<AttemptProgress, 'phase'> = { phase: null };
  const ladder = cell.ladder ?? rungs;
  let isUnexplained = false;
  try {
    await context.digests.before(cell);
    conclusion = await climb({
      rungs: ladder,
      boot: (rung) =>
        bootRung(
          cell,
          { ...context, attempt, rung },
          {
            progress,
            follow: examine,
            worthHolding: (end) => {
              const { known } = context;
              return worthHolding(end, { cell, known, gotIn: progress.access !== null, rungs: ladder, rung });
            },
          },
        ),
      gotIn: () => progress.access !== null,
      onShut: ({ rung, reason }, next) => {
        shipped.phase ??= progress.phase;
        context.emit({ type: 'rung-shut', cell: cell.id, rung, reason });
        const text = `${cell.id}: ${reason}; it is booted again ${how[next]}`;
        context.emit({ type: 'notice', level: 'info', text });
      },
    });
  } catch (error) {
    conclusion = concludeError(error);
    // A kernel that speaks on serial has said all that it will.
    isUnexplained =
      ladder[0] === 'shipped' && progress.access === null && !progress.spoke && hasNoReason(error);
    // Where nobody got in, what counts is how far the image comes by itself.
    if (progress.access === null) progress.phase = shipped.phase ?? progress.phase;
  }
  if (!context.signal.aborted && !conclusion.transient) {
    const fault = await findHostFault(cell, context).catch((error: unknown) => error);
    // Whatever the guest, QEMU or we ourselves made of it.
    if (fault !== null) conclusion = concludeError(fault);
  }
  if (context.explain && isUnexplained && conclusion.verdict === 'failed' && !context.signal.aborted) {
    const { emit, signal } = context;
    await explain({
      cell: cell.id,
      emit,
      signal,
      boot: (rung, place) => bootToListen(cell, { ...context, ...place, attempt, rung }, progress),
    });
  }
  const { transient, ...told } = bootAsKnown(conclusion, {
    gotIn: progress.access !== null,
    known: context.known,
    cell,
  });
  const { phase, access, cpuSeconds } = progress;
  const seconds = (performance.now() - began) / 1000 - progress.heldSeconds;
  const starved = starvedShare(progress);
  return { transient, starved, outcome: { ...told, phase, access, cpuSeconds, seconds } };
}

/** A process that runs has always waited for a moment: none at all is one that nobody could ask. */
const starvedShare = ({ cpuSeconds, starvedSeconds }: AttemptProgress): number | null =>
  cpuSeconds === null || starvedSeconds === 0 ? null : starvedSeconds / (cpuSeconds + starvedSeconds);

const hasNoReason = (error: unknown): boolean => error instanceof GuestError && error.unexplained;

const nothingYet = (): AttemptProgress => ({
  phase: null,
  access: null,
  spoke: false,
  cpuSeconds: null,
  starvedSeconds: 0,
  heldSeconds: 0,
});

/** Boots the cell to hear what its guest says; what that took is added to the attempt's. */
async function bootToListen(cell: Cell, place: Place, attempt: AttemptProgress): Promise<SecondBoot> {
  const progress = nothingYet();
  const end = await bootRung(cell, place, { progress, follow: listen }).then(
    (sign) => ({ sign }),
    (error: unknown) => ({ error }),
  );
  attempt.cpuSeconds = addUp(attempt.cpuSeconds, progress.cpuSeconds);
  attempt.starvedSeconds += progress.starvedSeconds;
  return { ...end, phase: progress.phase };
}
