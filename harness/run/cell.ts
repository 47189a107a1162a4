import { mkdir } from 'node:fs/promises';
import { dir } from 'tmp-promise';
import type { Contract } from '../../scenarios/contracts/contract.ts';
import { GuestError, HostError } from '../errors.ts';
import { type AcceleratorReport, type CellOutcome, type Emit, type Rung, rungs } from '../events.ts';
import { buildArgs } from '../machine/board/argv.ts';
import type { IpxeSource } from '../machine/board/description.ts';
import type { Machine } from '../machine/machine.ts';
import { firstIpxeSource } from '../machine/network/ipxe.ts';
import { type Given, prepareMachine } from '../machine/prepare.ts';
import { starvationMeter } from '../machine/process/starvation.ts';
import { startMachine } from '../machine/start.ts';
import type { Cell } from '../matrix/cell.ts';
import { promisedKey } from './access/ssh-login.ts';
import type { AttachServer, Attached } from './attach/attach-server.ts';
import { hold } from './hold/hold.ts';
import { type End, worthHolding } from './hold/worth.ts';
import { CellArtefacts } from './keep/artefacts.ts';
import type { OwnBudgets } from './budgets.ts';
import type { Claims } from './claims.ts';
import type { Digests } from './digests.ts';
import type { OwnChecks } from './examine/checks.ts';
import { examine } from './examine/examine.ts';
import { listen } from './examine/listen.ts';
import type { Progress, Subject } from './examine/session.ts';
import { type SecondBoot, explain } from './explain.ts';
import { findHostFault } from './host-faults.ts';
import { recordConsole } from './keep/recording.ts';
import type { KnownFailure } from './known.ts';
import { bootAsKnown } from './known-boot.ts';
import { climb, how } from './access/ladder.ts';
import { usesOwnPxeClient } from './watch/own-pxe-client.ts';
import { type PreparedRung, prepareRung } from './access/rung.ts';
import { Teardown } from './teardown.ts';
import { type Conclusion, concludeError } from './verdict.ts';

export interface CellContext {
  contract: Contract;
  /** The user's own checks. */
  own: OwnChecks;
  /** What phases may take in place of our budgets. */
  budgets: OwnBudgets;
  /** Failures that are known. */
  known: readonly KnownFailure[];
  /** The names of the only checks to run; undefined: all. */
  checks: readonly string[] | undefined;
  accelerator: AcceleratorReport;
  cpus: number;
  /** Multiplies every time limit: the machine's slowness and how many vCPUs share a core. */
  slowness: number;
  /** No other machine of this run runs beside it. */
  isAlone: boolean;
  /** Whether a boot that failed without a word of why is done once more for the reason. */
  explain: boolean;
  /** For how many seconds the machine of a cell that did not pass is kept for a person; undefined: it is not. */
  holdSeconds: number | undefined;
  /** Lets persons into machines. */
  attach: AttachServer;
  out: string;
  scratch: string;
  digests: Digests;
  claims: Claims;
  emit: Emit;
  signal: AbortSignal;
}

/** How far an attempt has come, kept up to date for a machine that ends by an error. */
interface AttemptProgress extends Progress {
  /** CPU time of its QEMU in seconds; null while none has ended. */
  cpuSeconds: number | null;
  /** Seconds in which its QEMU waited for a processor of the host. */
  starvedSeconds: number;
  /** Seconds in which a machine was kept for a person, which are no part of the attempt's. */
  heldSeconds: number;
}

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

/** CPU times of machines; null stands for one that never ran. */
const addUp = (a: number | null, b: number | null): number | null => (a === null ? b : a + (b ?? 0));

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

interface Place extends CellContext {
  attempt: number;
  rung: Rung;
  /** A directory in the cell's own that takes the machine's files. @default none */
  below?: string;
}

/** What a machine is booted for. */
interface Purpose<T> {
  progress: AttemptProgress;
  /** Follows the machine to the end. */
  follow: (subject: Subject) => Promise<T>;
  /** What it came to, where its machine is to be kept for a person. @default it never is */
  worthHolding?: (end: End<T>) => Conclusion | null;
}

/** Boots the cell by one rung; where firmware passes over the iPXE in the network card, once more with one that it takes. */
async function bootRung<T>(cell: Cell, place: Place, purpose: Purpose<T>): Promise<T> {
  return boot(cell, place, purpose, firstIpxeSource[cell.arch]).catch((error: unknown) => {
    if (!usesOwnPxeClient(error)) throw error;
    return boot(cell, place, purpose, 'network');
  });
}

/** Boots one machine of the cell and follows it; whatever it leaves is gone when this ends. */
async function boot<T>(
  cell: Cell,
  place: Place,
  { progress, follow, worthHolding }: Purpose<T>,
  ipxe: IpxeSource,
): Promise<T> {
  const teardown = new Teardown();
  // What an examination leaves open, and how its machine is watched, ends before a person gets it.
  const examination = new Teardown();
  const told = async (problems: Promise<Error[]>): Promise<void> => {
    for (const { message } of await problems)
      place.emit({ type: 'notice', level: 'warning', text: `${cell.id}: cleaning up: ${message}` });
  };
  try {
    const scratch = await dir({ tmpdir: place.scratch, prefix: 'c', unsafeCleanup: true });
    teardown.add(scratch.cleanup);
    const artefacts = new CellArtefacts(
      cell.id,
      place.out,
      place.emit,
      place.below === undefined ? place.rung : 'shipped',
      place.below,
    );
    await mkdir(artefacts.directory, { recursive: true });
    const prepared = await prepareRung(place.rung, cell, scratch.path);
    const { given } = prepared;
    const machine = await powerOn(cell, { ...place, artefacts, given }, scratch.path, ipxe);
    teardown.add(() => machine.stop());
    const attached = letPersonsIn(cell, place, { machine, prepared, scratch: scratch.path });
    teardown.add(() => attached.remove());
    const starved = starvationMeter(machine.pid);
    examination.add(async () => {
      progress.starvedSeconds += starved();
      progress.cpuSeconds = addUp(progress.cpuSeconds, machine.cpuSeconds());
    });
    const subject = { ...place, cell, machine, artefacts, prepared, scratch: scratch.path, progress };
    const end: End<T> = await follow({ ...subject, teardown: examination }).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await told(examination.run());
    if (attached.isTouched) throw touched();
    const { emit, holdSeconds: seconds, signal } = place;
    const conclusion = seconds === undefined || signal.aborted ? null : (worthHolding?.(end) ?? null);
    if (seconds !== undefined && conclusion !== null) {
      const held = { cell: cell.id, machine, attached, conclusion, seconds, emit, signal };
      progress.heldSeconds += await hold(held);
    }
    if ('error' in end) throw end.error;
    return end.value;
  } finally {
    await told(examination.run());
    await told(teardown.run());
  }
}

/** From now on; by the keys that the image promises to let in, or that it was given. */
function letPersonsIn(
  cell: Cell,
  { attach, contract, slowness }: Place,
  { machine, prepared, scratch }: { machine: Machine; prepared: PreparedRung; scratch: string },
): Attached {
  const keys = [promisedKey(contract), prepared.ownKey].flatMap((key) => key ?? []);
  return attach.add({ cell: cell.id, machine, keys, scratch, slowness });
}

/** What a person may have done to a machine is no proof of what its image does. */
const touched = (): HostError =>
  new HostError(
    'attached',
    'a person attached to it with --write or --monitor while it was tested, so that it proves nothing of the image',
    { hint: 'Run it again; without --write a console can be looked at as it is tested.' },
  );

/** Makes the machine's files, writes down how to boot it by hand, and switches it on. */
async function powerOn(
  cell: Cell,
  place: Place & { artefacts: CellArtefacts; given: Given },
  scratch: string,
  ipxe: IpxeSource,
): Promise<Machine> {
  const { accelerator, artefacts, attempt, cpus, emit, given, rung, signal } = place;
  const prepared = await prepareMachine(cell, { scratch, cpus, accelerator: accelerator.name, ipxe, given });
  // The log of a cell that is killed half-way is in its report all the same.
  const description = {
    ...prepared.description,
    paths: { ...prepared.description.paths, serialLog: artefacts.path('serial.log') },
  };
  for (const text of prepared.notes) emit({ type: 'notice', level: 'info', text: `${cell.id}: ${text}` });
  await artefacts.writeReproduction(description);
  const { memoryMiB } = description;
  emit({
    type: 'cell-started',
    cell: cell.id,
    attempt,
    ...(rung === 'shipped' ? {} : { rung }),
    cpus,
    memoryMiB,
    argv: buildArgs(description),
  });
  const machine = await startMachine(description, { signal });
  artefacts.attach('serial log', 'serial.log');
  const onProblem = ({ message }: Error): void =>
    emit({
      type: 'notice',
      level: 'warning',
      text: `${cell.id}: the console is recorded no more: ${message}`,
    });
  recordConsole(machine, artefacts.path('console.cast'), { title: cell.id, onProblem });
  artefacts.attach('console recording', 'console.cast', { detail: true });
  return machine;
}
