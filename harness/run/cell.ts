import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import type { Contract } from '../../scenarios/contracts/contract.ts';
import type { AcceleratorReport, Emit, Verdict } from '../events.ts';
import { buildArgs } from '../machine/argv.ts';
import type { Machine } from '../machine/machine.ts';
import { prepareMachine } from '../machine/prepare.ts';
import { startMachine } from '../machine/start.ts';
import type { Cell } from '../matrix/cell.ts';
import { CellArtefacts } from './artefacts.ts';
import type { Digests } from './digests.ts';
import { type Examination, examine } from './examine.ts';
import { Teardown } from './teardown.ts';
import { describeError } from './verdict.ts';

export interface CellContext {
  contract: Contract;
  accelerator: AcceleratorReport;
  cpus: number;
  /** Multiplies every time limit: the machine's slowness and how many vCPUs share a core. */
  slowness: number;
  out: string;
  scratch: string;
  digests: Digests;
  emit: Emit;
  signal: AbortSignal;
}

/** Runs one cell from power-on to its verdict; everything that happens is an event. Does not reject. */
export async function runCell(
  cell: Cell,
  context: CellContext,
): Promise<{ verdict: Verdict; seconds: number }> {
  const began = performance.now();
  const state: Examination = { phase: null, access: null };
  let machine: Machine | undefined;
  let told: { verdict: Verdict; reason: string; evidence?: string };
  const teardown = new Teardown();
  try {
    const artefacts = new CellArtefacts(cell.id, context.out, context.emit);
    await mkdir(artefacts.directory, { recursive: true });
    await context.digests.before(cell);
    const scratch = await dir({ tmpdir: context.scratch, prefix: 'c', unsafeCleanup: true });
    teardown.add(scratch.cleanup);
    machine = await powerOn(cell, context, scratch.path, artefacts);
    teardown.add(machine.stop.bind(machine));
    told = await examine(cell, machine, { ...context, scratch: scratch.path, artefacts, teardown }, state);
  } catch (error) {
    told = describeError(error);
  }
  for (const { message } of await teardown.run()) {
    context.emit({ type: 'notice', level: 'warning', text: `${cell.id}: cleaning up: ${message}` });
  }
  const seconds = (performance.now() - began) / 1000;
  const cpuSeconds = machine?.cpuSeconds() ?? null;
  context.emit({ type: 'cell-finished', cell: cell.id, ...told, ...state, seconds, cpuSeconds });
  return { verdict: told.verdict, seconds };
}

/** Makes the machine's files, writes down how to boot it by hand, and switches it on. */
async function powerOn(
  cell: Cell,
  { accelerator, cpus, emit, signal }: CellContext,
  scratch: string,
  artefacts: CellArtefacts,
): Promise<Machine> {
  const prepared = await prepareMachine(cell, { scratch, cpus, accelerator: accelerator.name });
  // The log of a cell that is killed half-way is in its report all the same.
  const description = {
    ...prepared.description,
    paths: { ...prepared.description.paths, serialLog: join(artefacts.directory, 'serial.log') },
  };
  for (const text of prepared.notes) emit({ type: 'notice', level: 'info', text: `${cell.id}: ${text}` });
  await artefacts.writeReproduction(description);
  const { memoryMiB } = description;
  emit({ type: 'cell-started', cell: cell.id, attempt: 1, cpus, memoryMiB, argv: buildArgs(description) });
  const machine = await startMachine(description, { signal });
  artefacts.attach('serial log', 'serial.log');
  return machine;
}
