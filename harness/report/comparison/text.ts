import { lineForTerminal } from '../terminal/clean.ts';
import { clip, padEnd, widest, wrap } from '../terminal/layout.ts';
import type { Table } from './tables.ts';

const gap = '  ';
/** Columns that a value gets at least, where the width allows nothing better. */
const leastWidth = 12;

/** A table for a terminal, or for the text of a JUnit case: its title, its head and a line for each name. */
export function tableText({ title, level, head, rows, more }: Table, width: number): string {
  const lines = [head, ...rows].map((row) => row.map(lineForTerminal));
  const widths = fit(
    head.map((_, column) => widest(lines.map((row) => row[column] ?? ''))),
    width - gap.length,
  );
  const body = lines.map((row) =>
    clip(gap + row.map((text, column) => padEnd(text, widths[column] ?? 0)).join(gap), width).trimEnd(),
  );
  const rest = more === 0 ? [] : [`${gap}… and ${more} more, in summary.json`];
  return [
    wrap(`${level === 'fail' ? 'DIFFERS' : 'differs'} ${lineForTerminal(title)}`, width),
    ...body,
    ...rest,
  ].join('\n');
}

/** Takes from the widest columns what is too much. */
function fit(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  const sum = (): number => widths.reduce((total, one) => total + one + gap.length, -gap.length);
  while (sum() > width) {
    const most = Math.max(...widths);
    if (most <= leastWidth) break;
    widths[widths.indexOf(most)] = Math.max(leastWidth, most - (sum() - width));
  }
  return widths;
}
