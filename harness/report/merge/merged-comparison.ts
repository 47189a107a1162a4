import { type Against, type Change, type Comparison, kinds, type Trends } from '../../difference.ts';
import type { RunEvent } from '../../events.ts';

/**
 * What shards told of their cells beside earlier runs, as the whole run would have told it. How all of its cells differ
 * from each other no shard knows: that is left to be found.
 * @returns null where no shard compared anything with an earlier run.
 */
export function mergedComparison(shards: readonly (readonly RunEvent[])[]): Comparison | null {
  const told = shards.flatMap((events) => events.findLast((event) => event.type === 'compared') ?? []);
  const against = mergedAgainst(told.flatMap((one) => one.against ?? []));
  const trends = mergedTrends(told.flatMap((one) => one.trends ?? []));
  if (against === null && trends === null) return null;
  const level = told[0]?.across.level ?? 'ignore';
  return { across: { level, cells: 0, drifts: [], notes: [] }, against, trends };
}

function mergedAgainst(told: readonly Against[]): Against | null {
  const [first] = told;
  if (first === undefined) return null;
  const changes = new Map<string, Change>();
  for (const { cells, ...change } of told.flatMap((one) => one.changes)) {
    const key = JSON.stringify(change);
    const known = changes.get(key)?.cells ?? [];
    changes.set(key, { ...change, cells: [...new Set([...known, ...cells])] });
  }
  return {
    ...first,
    changes: [...changes.values()].toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)),
    notes: told.flatMap(({ notes }) => notes),
  };
}

function mergedTrends(told: readonly Trends[]): Trends | null {
  const [first] = told;
  return first === undefined ? null : { ...first, trends: told.flatMap(({ trends }) => trends) };
}
