import type { Verdict } from '../../events.ts';
import { headline } from '../headline.ts';
import { type CellRecord, type RunRecord, byteOrder, secondsToAccess } from '../record/record.ts';
import { comparisonSections } from '../comparison/markdown.ts';
import { duration } from '../terminal/lines.ts';
import { table, text } from './markdown-text.ts';

const signs: Record<Verdict, string> = {
  passed: '✅',
  failed: '❌',
  error: '💥',
  skipped: '➖',
  flaky: '⚠️',
  known: '🚧',
};

/** The run as Markdown: what a step's summary on GitHub shows, and what can be put under a release. */
export function markdown(record: RunRecord): string {
  const { cells, notices, contract, seconds } = record;
  const broken = cells.filter(({ verdict }) => verdict === 'failed' || verdict === 'error');
  const told = notices.filter(({ level }) => level !== 'info');
  const sections = [
    `## ${text(headline(record))}`,
    `Contract ${text(contract)}, took ${duration(seconds)}.`,
    told.map(({ level, text: notice }) => `- **${level}** ${text(notice)}`).join('\n'),
    table(
      ['', 'Cell', 'Phase', 'Cause'],
      broken.map(({ verdict, summary, phase, reason }) => [
        signs[verdict],
        text(summary.id),
        phase ?? '',
        text(reason),
      ]),
    ),
    ...(record.comparison === null ? [] : comparisonSections(record.comparison)),
    matrix(cells),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function matrix(cells: readonly CellRecord[]): string {
  const names = [...new Set(cells.flatMap(({ checks }) => checks.map(({ name }) => name)))].sort(byteOrder);
  const rows = cells.map((cell) => [
    text(cell.summary.id),
    signs[cell.verdict],
    ...names.map((name) => {
      const check = cell.checks.findLast((one) => one.name === name);
      return check === undefined ? '' : signs[check.verdict];
    }),
    seconds(secondsToAccess(cell)),
    cell.attempts.length === 0 ? '' : duration(cell.seconds),
  ]);
  return table(['Cell', 'Verdict', ...names.map(text), 'Boot', 'Total'], rows);
}

const seconds = (value: number | null): string => (value === null ? '' : duration(value));
