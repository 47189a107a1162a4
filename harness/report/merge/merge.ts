import type { EventOf, RunEvent } from '../../events.ts';
import { byteOrder } from '../record/record.ts';
import { mergedComparison } from './merged-comparison.ts';
import { type Checked, type Shard, checkShards } from './check.ts';

/** What a merged run comes to by what its shards came to: an interruption outweighs all, then a broken guest. */
const severity = [130, 1, 3, 2, 0];
const interruptedCode = 130;

/**
 * The events of one run out of those of its shards, for the ordinary reporters: as if they had run side by side in one,
 * each on its own clock.
 * @param command what is told as the command line.
 * @throws UsageError as `checkShards`
 */
export function mergeShards(shards: readonly Shard[], command: readonly string[]): RunEvent[] {
  const checked = checkShards(shards);
  const began = Math.min(...checked.map(zeroOf));
  const told = checked.flatMap((shard) => shifted(shard, began));
  const events = told
    // What a shard's cells differ in is not what the run's do: see `mergedComparison`.
    .filter(({ type }) => !['run-started', 'run-finished', 'compared'].includes(type))
    .sort((one, other) => one.at - other.at);
  const end = endOf(checked, told);
  const compared = mergedComparison(checked.map((shard) => shard.events));
  const comparison: RunEvent[] =
    compared === null ? [] : [{ type: 'compared', time: end.time, at: end.at, ...compared }];
  return [startOf(checked, command), ...notices(checked), ...events, ...comparison, end];
}

/** The moment that a shard's seconds count from, in milliseconds of the host's clock. */
const zeroOf = ({ started }: Checked): number => Date.parse(started.time) - Math.round(started.at * 1000);

/** A shard's events with the seconds of the whole run. */
function shifted(shard: Checked, began: number): RunEvent[] {
  const { events } = shard;
  const offset = (zeroOf(shard) - began) / 1000;
  const moved: RunEvent[] = [];
  for (const event of events) {
    moved.push({ ...event, at: Math.max(0, Math.round((event.at + offset) * 1000) / 1000) });
  }
  return moved;
}

function startOf(shards: readonly Checked[], command: readonly string[]): RunEvent {
  const starts = shards.map(({ started }) => started as EventOf<'run-started'>);
  const { shard: _, ...first } = starts.reduce((earliest, one) =>
    byteOrder(one.time, earliest.time) < 0 ? one : earliest,
  );
  return {
    ...first,
    at: 0,
    command: [...command],
    // Of shards that differ the first one's; a notice tells the others.
    accelerator: Object.assign({}, ...starts.toReversed().map(({ accelerator }) => accelerator)),
    qemu: Object.assign({}, ...starts.toReversed().map(({ qemu }) => qemu)),
    cells: starts.flatMap(({ cells }) => cells).sort((one, other) => byteOrder(one.id, other.id)),
  };
}

/** Which host each shard ran on, and by what, where that is not the same for all. */
function notices(shards: readonly Checked[]): RunEvent[] {
  const ways = shards.map(({ started: { accelerator, qemu } }) =>
    [
      ...Object.entries(accelerator).map(([arch, { name }]) => `${arch} by ${name}`),
      ...Object.values(qemu),
    ].join(', '),
  );
  if (new Set(ways.filter((way) => way !== '')).size < 2) return [];
  return shards.map(({ started }, index) => ({
    type: 'notice',
    level: 'info',
    time: started.time,
    at: 0,
    text: `shard ${started.shard.index}/${started.shard.total} ran otherwise than others: ${ways[index]}`,
  }));
}

function endOf(shards: readonly Checked[], told: readonly RunEvent[]): RunEvent {
  const ends = shards.map(({ events }) => events.findLast((event) => event.type === 'run-finished'));
  const codes = new Set(ends.map((end) => end?.exitCode ?? interruptedCode));
  const last = told.reduce((latest, event) => (event.at > latest.at ? event : latest));
  return {
    type: 'run-finished',
    time: last.time,
    at: last.at,
    exitCode: severity.find((code) => codes.has(code)) ?? 0,
    interrupted: ends.some((end) => end === undefined || end.interrupted),
    seconds: last.at,
    cpuSeconds: ends.reduce((sum, end) => sum + (end?.cpuSeconds ?? 0), 0),
  };
}
