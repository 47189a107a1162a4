import { mkdir } from 'node:fs/promises';
import { dir } from 'tmp-promise';
import type { Contract } from '../../scenarios/contracts/contract.ts';
import { type AcceleratorReport, type CellOutcome, type Emit, type Rung, rungs } from '../events.ts';
import { buildArgs } from '../machine/board/argv.ts';
import type { IpxeSource } from '../machine/board/description.ts';
import type { Machine } from '../machine/machine.ts';
import { type Given, prepareMachine } from '../machine/prepare.ts';
import { starvationMeter } from '../machine/process/starvation.ts';
import { startMachine } from '../machine/start.ts';
import type { Cell } from '../matrix/cell.ts';
import { CellArtefacts } from './keep/artefacts.ts';
import type { OwnBudgets } from './budgets.ts';
import type { Claims } from './claims.ts';
import type { Digests } from './digests.ts';
import type { OwnChecks } from './examine/checks.ts';
import { examine } from './examine/examine.ts';
import type { Progress } from './examine/session.ts';
import { findHostFault } from './host-faults.ts';
import { recordConsole } from './keep/recording.ts';
import type { KnownFailure } from './known.ts';
import { bootAsKnown } from './known-boot.ts';
import { climb, how } from './access/ladder.ts';
import { usesOwnPxeClient } from './watch/own-pxe-client.ts';
import { prepareRung } from './access/rung.ts';
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
  accelerator: AcceleratorReport;
  cpus: number;
  /** Multiplies every time limit: the machine's slowness and how many vCPUs share a core. */
  slowness: number;
  /** No other machine of this run runs beside it. */
  isAlone: boolean;
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
  const progress: AttemptProgress = { phase: null, access: null, cpuSeconds: null, starvedSeconds: 0 };
  let conclusion: Conclusion;
  const shipped: Pick<AttemptProgress, 'phase'> = { phase: null };
  try {
    await context.digests.before(cell);
    conclusion = await climb({
      rungs: cell.ladder ?? rungs,
      boot: (rung) => bootRung(cell, { ...context, attempt, rung }, progress),
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
    // Where nobody got in, what counts is how far the image comes by itself.
    if (progress.access === null) progress.phase = shipped.phase ?? progress.phase;
  }
  if (!context.signal.aborted && !conclusion.transient) {
    const fault = await findHostFault(cell, context).catch((error: unknown) => error);
    // Whatever the guest, QEMU or we ourselves made of it.
    if (fault !== null) conclusion = concludeError(fault);
  }
  const { transient, ...told } = bootAsKnown(conclusion, {
    gotIn: progress.access !== null,
    known: context.known,
    cell,
  });
  const { phase, access, cpuSeconds } = progress;
  return {
    transient,
    starved: starvedShare(progress),
    outcome: { ...told, phase, access, cpuSeconds, seconds: (performance.now() - began) / 1000 },
  };
}

/** A process that runs has always waited for a moment: none at all is one that nobody could ask. */
const starvedShare = ({ cpuSeconds, starvedSeconds }: AttemptProgress): number | null =>
  cpuSeconds === null || starvedSeconds === 0 ? null : starvedSeconds / (cpuSeconds + starvedSeconds);

interface Place extends CellContext {
  attempt: number;
  rung: Rung;
}

/** Boots the cell by one rung; where firmware passes over the iPXE in the network card, once more with one that it takes. */
async function bootRung(cell: Cell, place: Place, progress: AttemptProgress): Promise<Conclusion> {
  return boot(cell, place, progress, 'option-rom').catch((error: unknown) => {
    if (!usesOwnPxeClient(error)) throw error;
    return boot(cell, place, progress, 'network');
  });
}

/** Boots one machine of the cell and examines it; whatever it leaves is gone when this ends. */
async function boot(
  cell: Cell,
  place: Place,
  progress: AttemptProgress,
  ipxe: IpxeSource,
): Promise<Conclusion> {
  const teardown = new Teardown();
  try {
    const scratch = await dir({ tmpdir: place.scratch, prefix: 'c', unsafeCleanup: true });
    teardown.add(scratch.cleanup);
    const artefacts = new CellArtefacts(cell.id, place.out, place.emit, place.rung);
    await mkdir(artefacts.directory, { recursive: true });
    const prepared = await prepareRung(place.rung, cell, scratch.path);
    const { given } = prepared;
    const machine = await powerOn(cell, { ...place, artefacts, given }, scratch.path, ipxe);
    const starved = starvationMeter(machine.pid);
    teardown.add(async () => {
      progress.starvedSeconds += starved();
      await machine.stop();
      const used = machine.cpuSeconds();
      if (used !== null) progress.cpuSeconds = (progress.cpuSeconds ?? 0) + used;
    });
    return await examine({
      ...place,
      cell,
      machine,
      artefacts,
      prepared,
      scratch: scratch.path,
      teardown,
      progress,
    });
  } finally {
    for (const { message } of await teardown.run()) {
      place.emit({ type: 'notice', level: 'warning', text: `${cell.id}: cleaning up: ${message}` });
    }
  }
}

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
