import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { Cell } from '../matrix/cell.ts';
import { Admission } from './admission.ts';
import { type Capacity, type Need, machineOverheadMiB, whyTooLarge } from './capacity.ts';
import { type History, historyKey } from './history.ts';

/** What a cell is given to run with. */
export interface Slot {
  cpus: number;
}

export interface ScheduleOptions {
  /** Machines at once. */
  jobs: number;
  capacity: Capacity;
  /** In which the cells begin: the longest first by this history, or at random but the same for each seed. */
  order: { history: History } | { seed: number };
  /** Once aborted no further cell starts; those that run see the same signal. */
  signal: AbortSignal;
  /** Runs one cell; must not reject. `again` asks for another turn, behind the cells that wait. */
  run: (cell: Cell, slot: Slot) => Promise<'done' | 'again'>;
  /** A cell that this host can never admit. */
  refuse: (cell: Cell, reason: string) => void;
}

/** One machine more than cores: while one waits (menu, key, network), another computes. Measured by `pnpm bench`. */
export const defaultJobs = (cpus: number): number => cpus + 1;

/** Longest first, by history; unknown cells before known ones, larger memory first, then by id. */
export function orderByLength(cells: readonly Cell[], history: History): Cell[] {
  const seconds = (cell: Cell): number => history[historyKey(cell)] ?? Number.POSITIVE_INFINITY;
  const difference = (a: number, b: number): number => (a === b ? 0 : b - a);
  return cells.toSorted(
    (a, b) =>
      difference(seconds(a), seconds(b)) || difference(a.memoryMiB, b.memoryMiB) || (a.id < b.id ? -1 : 1),
  );
}

/** By chance, but the same for each seed; any two cells keep their order, whichever others a filter leaves. */
export function orderBySeed(cells: readonly Cell[], seed: number): Cell[] {
  const rank = ({ id }: Cell): string => createHash('sha256').update(`${seed} ${id}`).digest('hex');
  return cells.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Many cells want one vCPU each; a lone or last one wants all that are left. `active`: machines that share the cores. */
export function cpusFor(active: number, cpus: number): number {
  return Math.max(1, Math.floor(cpus / Math.max(1, active)));
}

const needOf = (cell: Cell): Need => ({
  memoryMiB: cell.memoryMiB + machineOverheadMiB,
  diskMiB: cell.diskMiB,
});

/** Runs every cell; resolves when the last has ended. p-limit is the pump, `Admission` the gate in front of each machine. */
export async function schedule(cells: readonly Cell[], options: ScheduleOptions): Promise<void> {
  const { capacity, jobs, signal, run, refuse } = options;
  const limit = pLimit(jobs);
  const admission = new Admission(capacity);
  let unfinished = cells.length;

  async function turn(cell: Cell): Promise<'done' | 'again'> {
    const leave = await admission.enter(needOf(cell));
    try {
      if (signal.aborted) return 'done';
      return await run(cell, { cpus: cpusFor(Math.min(jobs, unfinished), capacity.cpus) });
    } finally {
      leave();
    }
  }

  async function runToEnd(cell: Cell): Promise<void> {
    try {
      const tooLarge = whyTooLarge(needOf(cell), capacity);
      if (tooLarge !== null) return refuse(cell, tooLarge);
      while ((await limit(() => turn(cell))) === 'again');
    } finally {
      unfinished -= 1;
    }
  }

  const { order } = options;
  const ordered = 'seed' in order ? orderBySeed(cells, order.seed) : orderByLength(cells, order.history);
  await Promise.all(ordered.map((cell) => runToEnd(cell)));
}
