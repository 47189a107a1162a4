import { lineForTerminal } from '../../harness/report/terminal/clean.ts';
import {
  type SoakCell,
  type SoakRecord,
  cellsOf,
  countVerdicts,
  percentile,
  withoutRepeat,
} from './record.ts';

const row = (...columns: (string | number)[]): string =>
  `| ${columns.map((column) => String(column).replaceAll('|', String.raw`\|`)).join(' | ')} |`;

const shares = [0.5, 0.9, 0.99, 1];
const seconds = (cells: readonly SoakCell[]): string[] =>
  shares.map((share) =>
    percentile(
      cells.map((cell) => cell.seconds),
      share,
    ).toFixed(0),
  );

/** `200 passed`, `199 passed, 1 failed`. */
export const told = (cells: readonly SoakCell[]): string =>
  Object.entries(countVerdicts(cells))
    .filter(([verdict, amount]) => amount > 0 || verdict === 'passed')
    .map(([verdict, amount]) => `${amount} ${verdict}`)
    .join(', ');

/** The summary as it stands in the documentation. */
export function markdown(record: SoakRecord): string {
  const cells = cellsOf(record);
  const groups = Map.groupBy(cells, ({ cell }) => withoutRepeat(cell));
  const bad = cells.filter(({ verdict }) => verdict !== 'passed');
  return [
    `**${cells.length} cells: ${told(cells)}.**`,
    '',
    row('cell', 'cells', 'verdicts', 's p50', 'p90', 'p99', 'max'),
    row('---', '---:', '---', '---:', '---:', '---:', '---:'),
    ...[...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, group]) => row(`\`${id}\``, group.length, told(group), ...seconds(group))),
    row('all', cells.length, told(cells), ...seconds(cells)),
    '',
    row('date', 'commit', 'cells', 'command', 'machine', 'QEMU', 'pressure'),
    row('---', '---', '---:', '---', '---', '---', '---'),
    ...record.sessions.map(({ date, commit, command, machine, qemu, pressure, cells: { length } }) =>
      row(date, commit, length, `\`${command}\``, machine, qemuOf(qemu), `\`${pressure}\``),
    ),
    ...(bad.length === 0
      ? []
      : ['', ...bad.map(({ cell, verdict, reason }) => lineForTerminal(`- ${verdict} ${cell}: ${reason}`))]),
    '',
  ].join('\n');
}

const qemuOf = (versions: Record<string, string>): string => [...new Set(Object.values(versions))].join('; ');
