/** What a comparison found as tables, for every report alike; cells hold guest text, raw. */
import { median } from '../../compare/band.ts';
import {
  type Across,
  type Against,
  type Change,
  type Comparison,
  type Drift,
  type Kind,
  kinds,
  type Level,
  type Trends,
} from '../../difference.ts';
import { count } from '../terminal/lines.ts';

export interface Table {
  kind: Kind;
  level: Exclude<Level, 'ignore'>;
  title: string;
  /** The architecture and part of a drift. */
  place?: { arch: string; part: string };
  head: string[];
  rows: string[][];
  /** How many rows were left out. */
  more: number;
}

/** Rows of one table: the rest is in `summary.json`. */
const mostRows = 15;
/** Cells that are told by name. */
const mostNamed = 2;

export const kindTitles: Record<Exclude<Kind, 'drift'>, string> = {
  checks: 'passed then, fails now',
  failedUnits: 'units that fail now',
  exposure: 'new listening ports and setuid programs',
  packages: 'packages',
  settings: 'settings',
  boot: 'boot time',
  size: 'size',
  cells: 'cells',
};

/** The tables in the order in which they are told: drift first, then what changed, the worst first, then slow boots. */
export const tablesOf = ({ across, against, trends }: Comparison): Table[] => [
  ...driftTables(across),
  ...changeTables(against),
  ...trendTables(trends),
];

export const driftTables = ({ level, drifts }: Across): Table[] =>
  level === 'ignore' ? [] : drifts.map((drift) => driftTable(drift, level));

export function changeTables(against: Against | null): Table[] {
  if (against === null) return [];
  return kinds.flatMap((kind) => {
    const those = against.changes.filter((change) => change.kind === kind);
    const level = against.levels[kind];
    return kind === 'drift' || level === 'ignore' || those.length === 0
      ? []
      : [changeTable(kind, level, those)];
  });
}

/** Only what lies beyond its band. */
export function trendTables(trends: Trends | null): Table[] {
  const beyond = trends?.trends.filter(({ isBeyond }) => isBeyond) ?? [];
  if (trends === null || trends.level === 'ignore' || beyond.length === 0) return [];
  return [
    bounded({
      kind: 'boot',
      level: trends.level,
      title: 'boots that took longer than earlier ones here explain',
      head: ['', 'earlier', 'explained', 'now'],
      rows: beyond.map(({ cell, figure, earlier, upTo, now }) => [
        `${cell}: ${figureTitle(figure)}`,
        `${median(earlier).toFixed(1)} s (${count(earlier.length, 'boot')})`,
        `up to ${upTo.toFixed(1)} s`,
        `${now.toFixed(1)} s`,
      ]),
    }),
  ];
}

/** `shell`, `shell, processor`. */
export const figureTitle = (figure: string): string => figure.replace(/ cpu$/, ', processor');

const cellsText = (cells: readonly string[]): string =>
  cells.length <= mostNamed ? cells.join(', ') : count(cells.length, 'cell');

function driftTable({ arch, part, groups, hasMost, names }: Drift, level: Table['level']): Table {
  const others = hasMost ? groups.slice(1) : groups;
  const who = cellsText(others.flat());
  const title = hasMost
    ? `${arch} ${part}: ${who} ${others.flat().length === 1 ? 'differs' : 'differ'} from ${cellsText(groups[0] ?? [])}`
    : `${arch} ${part}: ${who} differ, and no value is the one of most`;
  return bounded({
    kind: 'drift',
    level,
    title,
    place: { arch, part },
    head: ['', ...groups.map(cellsText)],
    rows: names.map(({ name, values }) => [name, ...values.map(shown)]),
  });
}

function changeTable(kind: Exclude<Kind, 'drift'>, level: Table['level'], changes: readonly Change[]): Table {
  return bounded({
    kind,
    level,
    title: kindTitles[kind],
    head: ['', 'then', 'now', 'in'],
    rows: changes.map(({ what, name, before, after, cells }) => [
      kind === 'settings' || kind === 'exposure' ? `${what}: ${name}` : name,
      shown(before),
      shown(after),
      cellsText(cells),
    ]),
  });
}

const shown = (value: string | null): string => (value === null ? '-' : value === '' ? '(empty)' : value);

const bounded = (table: Omit<Table, 'more'>): Table => ({
  ...table,
  rows: table.rows.slice(0, mostRows),
  more: Math.max(0, table.rows.length - mostRows),
});
