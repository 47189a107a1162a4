import type { Allowance, Drift } from '../difference.ts';
import { type Part, type PartName, partNames } from '../inventory.ts';
import { allowedBy, type IsAllowed } from './allowed.ts';
import type { RecordedCell } from './recorded.ts';
import { volatile } from './volatile.ts';

/** Not compared: every format takes its own time and room, and each has its own store path of the same system. */
const ownOfEach: ReadonlySet<PartName> = new Set(['boot', 'sizes', 'store']);
export const comparedParts: readonly PartName[] = partNames.filter((name) => !ownOfEach.has(name));

/** How a part that the guest does not have is called among its names. */
const whole = '(all of it)';

interface Teller {
  id: string;
  isAllowed: IsAllowed;
  parts: Record<PartName, Part>;
}

/**
 * Compares the cells of one run, those of each architecture among each other, part by part.
 * @param allowances what the platform of a cell, and the contract, explain.
 */
export function compareAcross(
  cells: readonly RecordedCell[],
  allowances: (cell: RecordedCell) => readonly Allowance[],
): { cells: number; drifts: Drift[]; notes: string[] } {
  const byFormat = new Map<string, IsAllowed>();
  const allowedIn = (cell: RecordedCell): IsAllowed => {
    const known = byFormat.get(cell.format) ?? allowedBy([...volatile, ...allowances(cell)]);
    byFormat.set(cell.format, known);
    return known;
  };
  const tellers = new Map<string, Teller[]>();
  for (const cell of cells) {
    if (cell.inventory === null) continue;
    const teller = { id: cell.id, isAllowed: allowedIn(cell), parts: cell.inventory.parts };
    tellers.set(cell.arch, [...(tellers.get(cell.arch) ?? []), teller]);
  }
  const all = [...tellers].flatMap(([arch, those]) =>
    comparedParts.map((part) => comparePart(arch, part, those)),
  );
  return {
    cells: [...tellers.values()].reduce((sum, those) => sum + those.length, 0),
    drifts: all.flatMap(({ drifts }) => drifts),
    notes: all.flatMap(({ notes }) => notes),
  };
}

function comparePart(
  arch: string,
  part: PartName,
  tellers: readonly Teller[],
): { drifts: Drift[]; notes: string[] } {
  const notes = tellers.flatMap(({ id, parts }) => {
    const one = parts[part];
    return 'unread' in one ? [`${id}: ${part} is not compared: ${one.unread}`] : [];
  });
  const drifts = new Map<string, Drift>();
  for (const name of namesOf(part, tellers)) {
    const holders = new Map<string | null, string[]>();
    for (const { id, isAllowed, parts } of tellers) {
      const value = valueIn(parts[part], name);
      if (value === undefined || isAllowed(part, name)) continue;
      const those = holders.get(value);
      if (those === undefined) holders.set(value, [id]);
      else those.push(id);
    }
    if (holders.size > 1) addDrift(drifts, { arch, part, name, holders });
  }
  return { drifts: [...drifts.values()], notes };
}

/** Cells of one configuration share most of their parts, and a reader makes those the same object. */
function namesOf(part: PartName, tellers: readonly Teller[]): string[] {
  const distinct = [...new Set(tellers.map(({ parts }) => parts[part]))];
  if (distinct.length < 2) return [];
  const names = new Set<string>();
  for (const one of distinct) {
    if ('lacks' in one) names.add(whole);
    if ('facts' in one) for (const name of Object.keys(one.facts)) names.add(name);
  }
  return [...names].filter((name) => new Set(distinct.map((one) => valueIn(one, name))).size > 1).toSorted();
}

/** null: it is not there; undefined: that cannot be said. */
function valueIn(part: Part, name: string): string | null | undefined {
  if ('unread' in part) return undefined;
  if ('lacks' in part) return name === whole ? part.lacks : undefined;
  return Object.hasOwn(part.facts, name) ? part.facts[name] : name === whole ? 'there' : null;
}

const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

interface Found {
  arch: string;
  part: PartName;
  name: string;
  holders: ReadonlyMap<string | null, string[]>;
}

/** Adds a name to those by which the same cells differ. */
function addDrift(drifts: Map<string, Drift>, { arch, part, name, holders }: Found): void {
  const ordered = [...holders]
    .map(([value, cells]) => ({ value, cells: cells.toSorted(byteOrder) }))
    .toSorted((a, b) => b.cells.length - a.cells.length || byteOrder(a.cells[0] ?? '', b.cells[0] ?? ''));
  const groups = ordered.map(({ cells }) => cells);
  const key = JSON.stringify(groups);
  const [first = [], second = []] = groups;
  const drift = drifts.get(key) ?? { arch, part, groups, hasMost: first.length > second.length, names: [] };
  drift.names.push({ name, values: ordered.map(({ value }) => value) });
  drifts.set(key, drift);
}
