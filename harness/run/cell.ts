import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import type { Contract } from '../../scenarios/contracts/contract.ts';
import type { AcceleratorReport, Emit, Verdict } from '../events.ts';
import { buildArgs } from '../machine/argv.ts';
import type { IpxeSource } from '../machine/description.ts';
import type { Machine } from '../machine/machine.ts';
import { prepareMachine } from '../machine/prepare.ts';
import { startMachine } from '../machine/start.ts';
import type { Cell } from '../matrix/cell.ts';
import { CellArtefacts } from './artefacts.ts';
import type { Digests } from './digests.ts';
import { type Examination, examine } from './examine.ts';
import { usesOwnPxeClient } from './own-pxe-client.ts';
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

interface Told {
  verdict: Verdict;
  reason: string;
  evidence?: string;
}

/** How far the cell has come, kept up to date for a machine that ends by an error. */
interface Progress extends Examination {
  /** CPU time of its QEMU in seconds; null while none has ended. */
  cpuSeconds: number | null;
}

/** Runs one cell from power-on to its verdict; everything that happens is an event. Does not reject. */
export async function runCell(
  cell: Cell,
  context: CellContext,
): Promise<{ verdict: Verdict; seconds: number }> {
  const began = performance.now();
  const progress: Progress = { phase: null, access: null, cpuSeconds: null };
  let told: Told;
  try {
    const artefacts = new CellArtefacts(cell.id, context.out, context.emit);
    await mkdir(artefacts.directory, { recursive: true });
    await context.digests.before(cell);
    told = await boot(cell, context, artefacts, progress, 'option-rom').catch((error: unknown) => {
      if (!usesOwnPxeClient(error)) throw error;
      return boot(cell, context, artefacts, progress, 'network');
    });
  } catch (error) {
    told = describeError(error);
  }
  const seconds = (performance.now() - began) / 1000;
  context.emit({ type: 'cell-finished', cell: cell.id, ...told, ...progress, seconds });
  return { verdict: told.verdict, seconds };
}

/** Boots one machine of the cell and examines it; whatever it leaves is gone when this ends. */
async function boot(
  cell: Cell,
  context: CellContext,
  artefacts: CellArtefacts,
  progress: Progress,
  ipxe: IpxeSource,
): Promise<Told> {
  const teardown = new Teardown();
  try {
    const scratch = await dir({ tmpdir: context.scratch, prefix: 'c', unsafeCleanup: true });
    teardown.add(scratch.cleanup);
    const machine = await powerOn(cell, context, scratch.path, artefacts, ipxe);
    teardown.add(async () => {
      await machine.stop();
      const used = machine.cpuSeconds();
      if (used !== null) progress.cpuSeconds = (progress.cpuSeconds ?? 0) + used;
    });
    return await examine(cell, machine, { ...context, scratch: scratch.path, artefacts, teardown }, progress);
  } finally {
    for (const { message } of await teardown.run()) {
      context.emit({ type: 'notice', level: 'warning', text: `${cell.id}: cleaning up: ${message}` });
    }
  }
}

/** Makes the machine's files, writes down how to boot it by hand, and switches it on. */
async function powerOn(
  cell: Cell,
  { accelerator, cpus, emit, signal }: CellContext,
  scratch: string,
  artefacts: CellArtefacts,
  ipxe: IpxeSource,
): Promise<Machine> {
  const prepared = await prepareMachine(cell, { scratch, cpus, accelerator: accelerator.name, ipxe });
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
