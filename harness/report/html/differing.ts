import type { Comparison } from '../../difference.ts';
import { kindTitles } from '../comparison/tables.ts';

/** What a cell differs in. */
export interface Differing {
  /** From other cells of the run: parts of what the guests said they are. */
  drift: string[];
  /** From an earlier run: what changed, by kind. */
  since: string[];
}

/** The cells that differ, as far as it counts. Where most cells agree, these differ from nobody. */
export function differing(comparison: Comparison | null): ReadonlyMap<string, Differing> {
  const found = new Map<string, Differing>();
  const of = (cell: string): Differing => {
    const known = found.get(cell) ?? { drift: [], since: [] };
    found.set(cell, known);
    return known;
  };
  if (comparison === null) return found;
  const { across, against } = comparison;
  for (const { part, groups, hasMost } of across.level === 'ignore' ? [] : across.drifts)
    for (const cell of groups.slice(hasMost ? 1 : 0).flat()) add(of(cell).drift, part);
  for (const { kind, cells } of against?.changes ?? [])
    if (against?.levels[kind] !== 'ignore') for (const cell of cells) add(of(cell).since, kindTitles[kind]);
  return found;
}

function add(list: string[], word: string): void {
  if (!list.includes(word)) list.push(word);
}
