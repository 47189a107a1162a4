import { type Against, type Change, kinds, type Levels } from '../difference.ts';
import { type Inventory, type Part, type PartName, partNames } from '../inventory.ts';
import { allowedBy, type IsAllowed } from './allowed.ts';
import { upperBound } from './band.ts';
import type { RecordedCell, RecordedRun } from './recorded.ts';
import { volatile } from './volatile.ts';

type Found = Omit<Change, 'cells'>;

/** Figures, which have bands, and what every build changes. */
const notNames: ReadonlySet<PartName> = new Set(['boot', 'sizes', 'store', 'failed']);
const settings = partNames.filter((name) => !notNames.has(name));

/** A size counts from so many KiB on, a boot from so many seconds of the reference machine. */
const least = { size: 10 * 1024, boot: 2 };

export interface AgainstOptions {
  levels: Levels;
  /** Ids of cells that there are, and that this run was not asked for: those of other shards, those that no FILTER names. @default none */
  notRun?: readonly string[];
}

/**
 * Compares a run with earlier ones.
 * @param before the newest first: that one is compared with, the others only tell the noise of its figures.
 */
export function compareAgainst(
  now: RecordedRun,
  before: readonly [RecordedRun, ...RecordedRun[]],
  { levels, notRun = [] }: AgainstOptions,
): Against {
  const [baseline] = before;
  const partChanges = partComparer(allowedBy(volatile));
  const recorded = before.map(({ cells }) => new Map(cells.map((cell) => [cell.id, cell])));
  const notes: string[] = [];
  const changes = new Map<string, Change>();
  const add = (cell: string, found: Found): void => {
    if (levels[found.kind] === 'ignore') return;
    const key = JSON.stringify(found);
    const known = changes.get(key);
    if (known === undefined) changes.set(key, { ...found, cells: [cell] });
    else known.cells.push(cell);
  };
  const earlier = new Map(baseline.cells.map((cell) => [cell.id, cell]));
  for (const cell of now.cells) {
    const then = earlier.get(cell.id);
    earlier.delete(cell.id);
    if (then === undefined) add(cell.id, cellChange(cell.id, null, 'new'));
    else {
      for (const found of checkChanges(then, cell)) add(cell.id, found);
      if (then.inventory === null || cell.inventory === null) {
        if (then.inventory !== cell.inventory)
          notes.push(
            `${cell.id}: nothing but its checks is compared: it told what it is in one of the runs only`,
          );
        continue;
      }
      for (const found of inventoryChanges(then.inventory, cell.inventory, partChanges)) add(cell.id, found);
      const history = recorded.flatMap((cells) => cells.get(cell.id)?.inventory ?? []);
      for (const found of figureChanges(history, cell.inventory)) add(cell.id, found);
      notes.push(...unreadNotes(cell.id, then.inventory, cell.inventory));
    }
  }
  for (const id of notRun) earlier.delete(id);
  for (const id of earlier.keys()) add(id, cellChange(id, 'there', null));
  const ordered = [...changes.values()].toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  return { baseline: baseline.name, levels, changes: ordered, notes };
}

/** Of what could be had in one run alone nothing is said to be the same. */
const unreadNotes = (id: string, then: Inventory, now: Inventory): string[] =>
  [...settings, 'failed' as const].flatMap((name) => {
    const [before, after] = [then, now].map(({ parts }) => 'unread' in parts[name]);
    if (before === after) return [];
    return [`${id}: ${name} is not compared: it could not be had ${after === true ? 'this time' : 'then'}`];
  });

const cellChange = (name: string, before: string | null, after: string | null): Found => ({
  kind: 'cells',
  what: 'cell',
  name,
  before,
  after,
});

const isGood = (verdict: string): boolean => verdict === 'passed' || verdict === 'flaky';

function* checkChanges(then: RecordedCell, now: RecordedCell): Generator<Found> {
  const passed = new Set(then.checks.filter(({ verdict }) => isGood(verdict)).map(({ name }) => name));
  const failed = now.checks.filter(({ name, verdict }) => verdict === 'failed' && passed.has(name));
  for (const { name, reason } of failed)
    yield { kind: 'checks', what: 'check', name, before: 'passed', after: reason };
  // What no check explains: it did not get as far.
  const broke = isGood(then.verdict) && now.verdict === 'failed';
  if (broke && now.checks.every(({ verdict }) => verdict !== 'failed'))
    yield { kind: 'checks', what: 'check', name: 'boot', before: 'passed', after: now.reason };
}

const factsOf = (part: Part): Readonly<Record<string, string>> | null =>
  'facts' in part ? part.facts : 'lacks' in part ? {} : null;

function* inventoryChanges(
  then: Inventory,
  now: Inventory,
  partChanges: ReturnType<typeof partComparer>,
): Generator<Found> {
  const failedThen = factsOf(then.parts.failed) ?? {};
  for (const [name, after] of Object.entries(factsOf(now.parts.failed) ?? {})) {
    if (!Object.hasOwn(failedThen, name))
      yield { kind: 'failedUnits', what: 'failed', name, before: null, after };
  }
  for (const what of settings) yield* partChanges(what, then.parts[what], now.parts[what]);
}

/** Compares two parts. Many cells share theirs, as the same objects: each pair is compared once. */
function partComparer(isAllowed: IsAllowed): (what: PartName, then: Part, now: Part) => readonly Found[] {
  // By part, too: of a file, two parts that say the same are one object.
  const known = new Map<PartName, Map<Part, Map<Part, readonly Found[]>>>();
  return (what, then, now) => {
    const ofPart = known.get(what) ?? new Map<Part, Map<Part, readonly Found[]>>();
    known.set(what, ofPart);
    const those = ofPart.get(then) ?? new Map<Part, readonly Found[]>();
    ofPart.set(then, those);
    const found = those.get(now) ?? [...namesThatChanged(what, then, now, isAllowed)];
    those.set(now, found);
    return found;
  };
}

function* namesThatChanged(what: PartName, then: Part, now: Part, isAllowed: IsAllowed): Generator<Found> {
  const [before, after] = [factsOf(then), factsOf(now)];
  if (then === now || before === null || after === null) return;
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = Object.hasOwn(before, name) ? (before[name] ?? null) : null;
    const is = Object.hasOwn(after, name) ? (after[name] ?? null) : null;
    if (was === is || isAllowed(what, name)) continue;
    yield { kind: kindOf(what, is), what, name, before: was, after: is };
  }
}

/** A door that was closed is no exposure. */
function kindOf(what: PartName, is: string | null): Change['kind'] {
  if (what === 'packages') return 'packages';
  return (what === 'sockets' || what === 'setuid') && is !== null ? 'exposure' : 'settings';
}

/** Only what outlives the noise of a boot's parts: up to the shell, and what systemd counts for itself. */
const told = /^(shell|systemd userspace)$/;

function* figureChanges(history: readonly Inventory[], now: Inventory): Generator<Found> {
  for (const [name, value] of figures(now, 'boot')) {
    if (!told.test(name)) continue;
    const earlier = history.flatMap((one) => figures(one, 'boot').get(name) ?? []);
    const bound = upperBound(earlier, least.boot);
    if (value > bound)
      yield {
        kind: 'boot',
        what: 'boot',
        name,
        before: `up to ${bound.toFixed(1)} s`,
        after: `${value.toFixed(1)} s`,
      };
  }
  for (const [name, value] of figures(now, 'sizes')) {
    const earlier = history.flatMap((one) => figures(one, 'sizes').get(name) ?? []);
    // A size has no noise of its host: what lies within a twentieth is told as packages and files.
    const bound = Math.max(...earlier, 0) * 1.05 + least.size;
    if (earlier.length > 0 && value > bound)
      yield { kind: 'size', what: 'size', name, before: `up to ${mib(bound)}`, after: mib(value) };
  }
}

const mib = (kib: number): string => `${Math.round(kib / 1024)} MiB`;

/** Figures of a part; seconds as the reference machine would have taken them. */
function figures(inventory: Inventory, part: 'boot' | 'sizes'): Map<string, number> {
  const scale = part === 'boot' ? inventory.slowness : 1;
  const facts = Object.entries(factsOf(inventory.parts[part]) ?? {});
  return new Map(
    facts.flatMap(([name, text]) =>
      Number.isFinite(Number(text)) ? [[name, Number(text) / scale] as const] : [],
    ),
  );
}
