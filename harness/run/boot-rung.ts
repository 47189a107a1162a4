import { mkdir } from 'node:fs/promises';
import { dir } from 'tmp-promise';
import { HostError } from '../errors.ts';
import type { Rung } from '../events.ts';
import { buildArgs } from '../machine/board/argv.ts';
import type { IpxeSource } from '../machine/board/description.ts';
import type { Machine } from '../machine/machine.ts';
import { firstIpxeSource } from '../machine/network/ipxe.ts';
import { type Given, prepareMachine } from '../machine/prepare.ts';
import { starvationMeter } from '../machine/process/starvation.ts';
import { startMachine } from '../machine/start.ts';
import type { Cell } from '../matrix/cell.ts';
import { promisedKey } from './access/ssh-login.ts';
import type { Attached } from './attach/attach-server.ts';
import { hold } from './hold/hold.ts';
import type { End } from './hold/worth.ts';
import { CellArtefacts } from './keep/artefacts.ts';
import type { Subject } from './examine/session.ts';
import { recordConsole } from './keep/recording.ts';
import { usesOwnPxeClient } from './watch/own-pxe-client.ts';
import { type PreparedRung, prepareRung } from './access/rung.ts';
import { Teardown } from './teardown.ts';
import type { Conclusion } from './verdict.ts';
import { addUp, type AttemptProgress, type CellContext } from './context.ts';

/** One boot of an attempt. */
export interface Place extends CellContext {
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
export async function bootRung<T>(cell: Cell, place: Place, purpose: Purpose<T>): Promise<T> {
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
