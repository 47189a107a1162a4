import type { EventOf } from '../../events.ts';
import type { AnyCell } from '../../matrix/cell.ts';
import { splitShards } from '../../schedule/shards.ts';
import { readDurations } from '../durations.ts';
import type { Options } from '../options/options.ts';

/** The cells of the shard that was asked for, and what the report tells of it; all cells where none was. */
export async function takeShard(
  cells: AnyCell[],
  wanted: Options['shard'],
): Promise<{ cells: AnyCell[]; shard: EventOf<'run-started'>['shard'] }> {
  if (wanted === undefined) return { cells, shard: undefined };
  const shards = splitShards(cells, wanted.total, await readDurations());
  return { cells: shards[wanted.index - 1] ?? [], shard: { ...wanted, of: cells.map(({ id }) => id) } };
}
