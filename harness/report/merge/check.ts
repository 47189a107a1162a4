import { UsageError } from '../../errors.ts';
import type { EventOf, RunEvent } from '../../events.ts';

/** The events of one shard, and the directory that they lie in. */
export interface Shard {
  directory: string;
  events: readonly RunEvent[];
}

type Started = EventOf<'run-started'> & { shard: NonNullable<EventOf<'run-started'>['shard']> };

/** A shard with its beginning, which says what it is a part of. */
export interface Checked extends Shard {
  started: Started;
}

/**
 * Sees to it that these are the shards of one run, all of them and each once, and that their cells are its cells.
 * @returns them in their order.
 * @throws UsageError `shard-foreign`, `shard-doubled`, `shard-missing`, `shard-cells`
 */
export function checkShards(shards: readonly Shard[]): Checked[] {
  const checked = shards.map(begun).sort((one, other) => one.started.shard.index - other.started.shard.index);
  const [first] = checked;
  if (first === undefined)
    throw new UsageError('shard-missing', 'merge takes the directories of shards; got none.');
  for (const one of checked) refuseForeign(first, one);
  refuseOtherBytes(checked);
  for (const [index, one] of checked.entries()) {
    const before = checked[index - 1];
    if (before?.started.shard.index !== one.started.shard.index) continue;
    throw new UsageError(
      'shard-doubled',
      `Expected each shard once, got shard ${nameOf(one)} twice: ${before.directory} and ${one.directory}.`,
    );
  }
  const { total } = first.started.shard;
  const missing = Array.from({ length: total }, (_, index) => index + 1).filter(
    (index) => !checked.some(({ started }) => started.shard.index === index),
  );
  if (missing.length > 0) {
    throw new UsageError(
      'shard-missing',
      `Expected all ${total} shards, got none of ${missing.map((index) => `${index}/${total}`).join(', ')}; wait for them, or run them again.`,
    );
  }
  refuseOtherCells(checked, first.started.shard.of);
  return checked;
}

const nameOf = ({ started: { shard } }: Checked): string => `${shard.index}/${shard.total}`;

function begun({ directory, events }: Shard): Checked {
  const started = events.find((event) => event.type === 'run-started');
  if (started?.shard !== undefined) return { directory, events, started: started as Started };
  throw new UsageError(
    'shard-foreign',
    `Expected the events of a shard (--shard I/N) in ${directory}, got those of ${started === undefined ? 'a run that ended before it began' : 'a whole run'}.`,
  );
}

function refuseForeign(first: Checked, one: Checked): void {
  const sameness = ({ started }: Checked): Record<string, string> => ({
    version: started.version,
    contract: started.contract,
    "contract's promises": started.contractDigest ?? '',
    checks: (started.checks ?? ['all']).join(' '),
    'number of shards': String(started.shard.total),
    cells: started.shard.of.join(' '),
  });
  const expected = sameness(first);
  for (const [what, got] of Object.entries(sameness(one))) {
    if (got === expected[what]) continue;
    throw new UsageError(
      'shard-foreign',
      `Expected shards of one run, got two of different ones: ${first.directory} and ${one.directory} differ in their ${what}.`,
    );
  }
}

/** A matrix of which half is about other bytes proves nothing about either. */
function refuseOtherBytes(shards: readonly Checked[]): void {
  const seen = new Map<string, { sha256: string; directory: string }>();
  for (const { directory, events } of shards) {
    for (const { path, sha256 } of events.flatMap((event) =>
      event.type === 'digests' && event.when === 'before' ? event.files : [],
    )) {
      const other = seen.get(path);
      if (other !== undefined && other.sha256 !== sha256) {
        throw new UsageError(
          'shard-foreign',
          `Expected shards of one run, got two that tested different bytes at ${path}: ${other.directory} and ${directory}.`,
        );
      }
      seen.set(path, { sha256, directory });
    }
  }
}

function refuseOtherCells(shards: readonly Checked[], of: readonly string[]): void {
  const ids = shards.flatMap(({ started }) => started.cells.map(({ id }) => id));
  const lost = of.filter((id) => !ids.includes(id));
  const doubled = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  if (lost.length + doubled.length === 0) return;
  throw new UsageError(
    'shard-cells',
    `Expected each cell in one shard, got in none: ${lost.join(', ') || 'none'}; in several: ${doubled.join(', ') || 'none'}. The shards were split by different histories: give every job the same cache, or none.`,
  );
}
