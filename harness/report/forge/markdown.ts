import type { Verdict } from '../../events.ts';
import { headline } from '../headline.ts';
import { type CellRecord, type RunRecord, byteOrder, secondsToAccess } from '../record/record.ts';
import { cleanLine } from '../terminal/clean.ts';
import { duration } from '../terminal/lines.ts';

/** GitHub takes a mebibyte of a step; a matrix that does not fit is cut, failures are told first. */
const mostRows = 500;

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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (fields: readonly string[]): string => `| ${fields.join(' | ')} |`;
  const left = rows.length - mostRows;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.slice(0, mostRows).map(line),
    ...(left > 0 ? [line([`${left} more`, ...head.slice(1).map(() => '')])] : []),
  ].join('\n');
}

/** How much of a cause is told. */
const mostText = 400;

/**
 * Text in which nothing is Markdown: no HTML, link, picture or table. A name with `@` tells nobody of it: what stands
 * between is nothing that is seen.
 */
function text(raw: string): string {
  const line = cleanLine(raw);
  const shown = line.length > mostText ? `${line.slice(0, mostText).toWellFormed()}…` : line;
  return shown.replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`).replaceAll(String.raw`\@`, '@<!-- -->');
}

const seconds = (value: number | null): string => (value === null ? '' : duration(value));
