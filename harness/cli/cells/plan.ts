import type { AnyCell } from '../../matrix/cell.ts';
import { count, duration } from '../../report/terminal/lines.ts';
import { type History, historyKey } from '../../schedule/history.ts';
import { orderByLength } from '../../schedule/schedule.ts';
import { splitShards } from '../../schedule/shards.ts';

export interface PlanOptions {
  history: History;
  /** Into how many shards the cells are split; undefined: not at all. */
  shards: number | undefined;
}

const runnable = (cells: readonly AnyCell[]): AnyCell[] => cells.filter(({ skip }) => skip === undefined);

/** Seconds of the cells that were timed, and how many these are. */
function expected(cells: readonly AnyCell[], history: History): { seconds: number; timed: number } {
  const timed = cells.flatMap((cell) => history[historyKey(cell)] ?? []);
  return { seconds: timed.reduce((total, one) => total + one, 0), timed: timed.length };
}

/** What `plan` prints: a cell a line in the order in which they begin, how long it took last time, its memory. */
export function planTable(cells: readonly AnyCell[], { history, shards }: PlanOptions): string {
  if (shards !== undefined) {
    const all = splitShards(cells, shards, history);
    return all.map((part, index) => `${index + 1}/${shards}  ${sumOf(part, history)}\n`).join('');
  }
  const lines = orderByLength(runnable(cells), history).map((cell) => {
    const seconds = history[historyKey(cell)];
    return `${cell.id}  ${seconds === undefined ? 'not timed yet' : duration(seconds)}  ${cell.memoryMiB} MiB\n`;
  });
  return `${lines.join('')}\n${sumOf(cells, history)}\n`;
}

function sumOf(cells: readonly AnyCell[], history: History): string {
  const toBoot = runnable(cells);
  const { seconds, timed } = expected(toBoot, history);
  return `${count(toBoot.length, 'cell')} to boot, ${timed} of them timed: ${duration(seconds)} of machine time`;
}

/**
 * The same as a matrix that GitHub's `strategy` takes through fromJSON: an entry a shard, or a cell where it is not split.
 * `seconds` is of what was timed; null for a cell that was not.
 */
export function planJson(cells: readonly AnyCell[], { history, shards }: PlanOptions): string {
  const include =
    shards === undefined
      ? orderByLength(runnable(cells), history).map((cell) => ({
          cell: cell.id,
          seconds: history[historyKey(cell)] ?? null,
          memoryMiB: cell.memoryMiB,
        }))
      : splitShards(cells, shards, history).map((part, index) => {
          const { seconds, timed } = expected(runnable(part), history);
          const ids = part.map(({ id }) => id).join(' ');
          return { shard: `${index + 1}/${shards}`, cells: ids, seconds, timed };
        });
  return `${JSON.stringify({ include })}\n`;
}
