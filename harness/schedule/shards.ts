import type { AnyCell } from '../matrix/cell.ts';
import { type History, historyKey } from './history.ts';
import { orderByLength } from './schedule.ts';

/** A cell's share of a matrix that is split where nothing is known of any, seconds; any number would do. */
const unknownSeconds = 100;

/**
 * Splits cells into so many shards that are expected to take equally long: the longest first, each to the shard that has
 * the least to do (Graham's LPT). The same for the same cells and history; a shard may be empty.
 */
export function splitShards<T extends AnyCell>(cells: readonly T[], total: number, history: History): T[][] {
  const known = cells
    .flatMap((cell) => history[historyKey(cell)] ?? [])
    .toSorted((one, other) => one - other);
  // Of a cell that was not timed yet nothing else is known than what others take.
  const typical = known[Math.floor(known.length / 2)] ?? unknownSeconds;
  const shards = Array.from({ length: total }, () => ({ seconds: 0, cells: new Set<AnyCell>() }));
  for (const cell of orderByLength(cells, history)) {
    const least = shards.reduce((best, one) => (one.seconds < best.seconds ? one : best));
    least.cells.add(cell);
    if (cell.skip === undefined) least.seconds += history[historyKey(cell)] ?? typical;
  }
  return shards.map((shard) => cells.filter((cell) => shard.cells.has(cell)));
}
