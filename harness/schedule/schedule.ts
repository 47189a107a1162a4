import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { AnyCell } from '../matrix/cell.ts';
import { Admission } from './admission.ts';
import { type Capacity, type Need, machineOverheadMiB, whyTooLarge } from './capacity.ts';
import { Crowd, type Fare } from './crowd.ts';
import { type History, historyKey } from './history.ts';

/** What a cell is given to run with. */
export interface Slot {
  cpus: number;
  /** How many machines run at most while this one does, itself included. */
  machines: number;
}

/** What came of a cell's turn. */
export interface Turn {
  /** `again` asks for another turn, behind the cells that wait; `alone` for one with no other machine beside it. */
  next: 'done' | 'again' | 'alone';
  /** As a crowd is told of its machines. */
  starved: number | null;
}

export interface ScheduleOptions<T extends AnyCell = AnyCell> {
  /** Machines at once, at most: they become fewer where the host does not carry so many. */
  jobs: number;
  capacity: Capacity;
  /** Measures the host's memory anew; asked whenever a cell has ended. */
  remeasure: () => Pick<Capacity, 'memoryMiB' | 'limitMiB'>;
  /** In which the cells begin: the longest first by this history, or at random but the same for each seed. */
  order: { history: History } | { seed: number };
  /** Once aborted no further cell starts; those that run see the same signal. */
  signal: AbortSignal;
  /**
   * What a cell needs before it can run, done ahead of its turn; must not reject.
   * @returns false for a cell that is not to be run. @default nothing
   */
  prepare?: (cell: T) => Promise<boolean>;
  /** Runs one cell; must not reject. */
  run: (cell: T, slot: Slot) => Promise<Turn>;
  /** A cell that this host cannot admit. */
  refuse: (cell: T, reason: string) => void;
  /** Is told when another number of machines at once is aimed at. */
  onCrowd?: (machines: number) => void;
}

/** Longest first, by history; unknown cells before known ones, larger memory first, then by id. */
export function orderByLength<T extends AnyCell>(cells: readonly T[], history: History): T[] {
  const seconds = (cell: AnyCell): number => history[historyKey(cell)] ?? Number.POSITIVE_INFINITY;
  const difference = (a: number, b: number): number => (a === b ? 0 : b - a);
  return cells.toSorted(
    (a, b) =>
      difference(seconds(a), seconds(b)) || difference(a.memoryMiB, b.memoryMiB) || (a.id < b.id ? -1 : 1),
  );
}

/** By chance, but the same for each seed; any two cells keep their order, whichever others a filter leaves. */
export function orderBySeed<T extends AnyCell>(cells: readonly T[], seed: number): T[] {
  const rank = ({ id }: AnyCell): string => createHash('sha256').update(`${seed} ${id}`).digest('hex');
  return cells.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Many cells want one vCPU each; a lone or last one wants all that are left. `active`: machines that share the cores. */
export function cpusFor(active: number, cpus: number): number {
  return Math.max(1, Math.floor(cpus / Math.max(1, active)));
}

const needOf = (cell: AnyCell): Need => ({
  memoryMiB: cell.memoryMiB + machineOverheadMiB,
  diskMiB: cell.diskMiB,
});

/** Runs every cell; resolves when the last has ended. p-limit is the pump, `Admission` the gate in front of each machine. */
export async function schedule<T extends AnyCell>(
  cells: readonly T[],
  options: ScheduleOptions<T>,
): Promise<void> {
  const { capacity, jobs, signal, run, refuse, prepare } = options;
  const limit = pLimit(jobs);
  const crowd = new Crowd(jobs);
  const admission = new Admission(capacity);
  let unfinished = cells.length;

  async function turn(cell: T, alone: boolean): Promise<Turn['next']> {
    const entrance = await admission.enter(needOf(cell), { alone });
    if ('refused' in entrance) {
      if (!signal.aborted) refuse(cell, entrance.refused);
      return 'done';
    }
    try {
      if (signal.aborted) return 'done';
      const machines = alone ? 1 : Math.min(crowd.size, unfinished);
      const { next, starved } = await run(cell, { cpus: cpusFor(machines, capacity.cpus), machines });
      learn({ machines, starved });
      return next;
    } finally {
      admission.resize(options.remeasure());
      entrance.leave();
    }
  }

  function learn(fare: Fare): void {
    crowd.add(fare);
    if (crowd.size === limit.concurrency) return;
    limit.concurrency = crowd.size;
    options.onCrowd?.(crowd.size);
  }

  async function runToEnd(cell: T): Promise<void> {
    try {
      const tooLarge = whyTooLarge(needOf(cell), capacity);
      if (tooLarge !== null) return refuse(cell, tooLarge);
      if (prepare !== undefined && !(await prepare(cell))) return;
      let next = 'again' as Turn['next'];
      while (next !== 'done') next = await limit(turn, cell, next === 'alone');
    } finally {
      unfinished -= 1;
    }
  }

  const { order } = options;
  const ordered = 'seed' in order ? orderBySeed(cells, order.seed) : orderByLength(cells, order.history);
  await Promise.all(ordered.map((cell) => runToEnd(cell)));
}
