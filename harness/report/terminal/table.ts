import type { Phase } from '../../events.ts';
import { phases } from '../../events.ts';
import { lineForTerminal } from './clean.ts';
import { padEnd, padStart, widest } from './layout.ts';
import type { CellRecord } from '../record/record.ts';
import { lastAttempt, secondsToAccess } from '../record/record.ts';
import type { Colours } from './terminal.ts';
import { verdictColour } from './terminal.ts';

interface Column {
  title: string;
  right?: boolean;
  text: (cell: CellRecord) => string;
}

const gap = '  ';

/** One line a cell; the seconds of each phase too where they fit. */
export function table(cells: readonly CellRecord[], width: number, colours: Colours): string {
  const id: Column = { title: 'cell', text: (cell) => lineForTerminal(cell.summary.id) };
  const verdict: Column = { title: 'verdict', text: (cell) => cell.verdict };
  const boot: Column = { title: 'boot s', right: true, text: (cell) => seconds(secondsToAccess(cell)) };
  const access: Column = { title: 'access', text: (cell) => cell.access ?? '-' };
  const checks: Column = { title: 'checks', right: true, text: checksText };
  const total: Column = {
    title: 'total s',
    right: true,
    text: (cell) => seconds(wasRun(cell) ? cell.seconds : null),
  };

  const narrow = [verdict, boot, access, checks, total];
  const wide = [verdict, ...seenPhases(cells).map(phaseColumn), boot, access, checks, total];
  const idWidth = widthOf(id, cells);
  const others = idWidth + widthOfAll(wide, cells) <= width ? wide : narrow;
  const columns = [id, ...others];
  const widths = [
    Math.max(8, Math.min(idWidth, width - widthOfAll(others, cells))),
    ...others.map((column) => widthOf(column, cells)),
  ];

  const line = (text: (column: Column) => string) =>
    columns.map((column, index) => (column.right ? padStart : padEnd)(text(column), widths[index] ?? 0));
  const head = colours.dim(
    line((column) => column.title)
      .join(gap)
      .trimEnd(),
  );
  const rows = cells.map((cell) =>
    line((column) => column.text(cell))
      .map((text, index) => (columns[index] === verdict ? verdictColour(colours, cell.verdict)(text) : text))
      .join(gap)
      .trimEnd(),
  );
  return [head, ...rows].join('\n');
}

const widthOf = (column: Column, cells: readonly CellRecord[]): number =>
  widest([column.title, ...cells.map(column.text)]);

/** Width of these columns with the gap before each. */
const widthOfAll = (columns: Column[], cells: readonly CellRecord[]): number =>
  columns.reduce((sum, column) => sum + gap.length + widthOf(column, cells), 0);

const seenPhases = (cells: readonly CellRecord[]): Phase[] =>
  phases.filter((phase) => cells.some((cell) => phaseSeconds(cell, phase) !== null));

const phaseColumn = (phase: Phase): Column => ({
  title: phase,
  right: true,
  text: (cell) => seconds(phaseSeconds(cell, phase)),
});

const phaseSeconds = (cell: CellRecord, phase: Phase): number | null =>
  lastAttempt(cell)?.phases.find((seen) => seen.phase === phase)?.seconds ?? null;

const wasRun = (cell: CellRecord): boolean => cell.attempts.length > 0;

function checksText({ checks }: CellRecord): string {
  const passed = checks.filter(({ verdict }) => verdict === 'passed' || verdict === 'flaky').length;
  return checks.length > 0 ? `${passed}/${checks.length}` : '-';
}

const seconds = (value: number | null): string => (value === null ? '-' : value.toFixed(1));
