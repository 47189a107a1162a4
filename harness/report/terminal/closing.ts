import path from 'node:path';
import { lineForTerminal } from './clean.ts';
import { tablesOf } from '../comparison/tables.ts';
import { tableText } from '../comparison/text.ts';
import { failure } from './failures.ts';
import { Fold } from '../record/fold.ts';
import { wrap } from './layout.ts';
import { count, duration, onlyChecks, verdictWord } from './lines.ts';
import { reportFiles } from '../choice.ts';
import type { CellRecord, RunRecord } from '../record/record.ts';
import type { Reporter } from '../reporter.ts';
import { shownPath } from './shown-path.ts';
import { table } from './table.ts';
import type { Colours, Output } from './terminal.ts';
import { coloursFor } from './terminal.ts';

interface Options {
  /** Columns. */
  width: number;
  colours: Colours;
  outDir: string;
  cwd?: string | undefined;
  /** Leaves out the table, and what did not go wrong. @default false */
  quiet?: boolean;
}

/** What stays on the screen when the run has ended: the table, why cells did not pass, the counts, the report's path. */
export function closing(record: RunRecord, options: Options): string {
  const { width, colours, outDir, cwd, quiet = false } = options;
  const inReport = (file: string) => shownPath(path.join(outDir, file), cwd);
  const broken = record.cells.filter(({ verdict }) => verdict === 'failed' || verdict === 'error');
  const remarks = record.cells.filter(({ verdict }) => ['skipped', 'flaky', 'known'].includes(verdict));
  const sections = [
    quiet ? '' : table(record.cells, width, colours),
    ...broken.map((cell) => failure(cell, { width, colours, shownPath: inReport })),
    quiet ? '' : remarks.map((cell) => wrap(remark(cell), width)).join('\n'),
    ...comparisonTexts(record, width),
    record.notices
      .filter(({ level }) => level !== 'info')
      .map(({ level, text }) => wrap(`${level}: ${lineForTerminal(text)}`, width))
      .join('\n'),
    `${colours.bold(countsLine(record))}\nReport: ${inReport(reportFiles.html)}`,
  ];
  return `\n${sections.filter(Boolean).join('\n\n')}\n`;
}

const remark = ({ verdict, summary, reason }: CellRecord): string =>
  `${verdictWord(verdict)} ${lineForTerminal(summary.id)}  ${lineForTerminal(reason)}`;

const comparisonTexts = ({ comparison }: RunRecord, width: number): string[] =>
  comparison === null ? [] : tablesOf(comparison).map((table) => tableText(table, width));

/** `9 cells: 8 passed, 1 failed in 4 min 12 s`. */
function countsLine({ checks, counts: { total, ...verdicts }, seconds, interrupted }: RunRecord): string {
  const told = Object.entries(verdicts)
    .filter(([, amount]) => amount > 0)
    .map(([verdict, amount]) => `${amount} ${verdict}`);
  return `${count(total, 'cell')}: ${told.join(', ') || 'none'} in ${duration(seconds)}${interrupted ? ', interrupted' : ''}${onlyChecks(checks)}`;
}

/** Prints the closing report; comes after the reporter that writes the files. */
export function createClosingReporter(
  outDir: string,
  output: Output = process.stdout,
  { quiet = false }: Pick<Options, 'quiet'> = {},
): Reporter {
  const state = new Fold();
  return {
    onEvent: (event) => state.add(event),
    finish() {
      output.write(
        closing(state.record(), { width: output.columns || 80, colours: coloursFor(output), outDir, quiet }),
      );
    },
  };
}
