import path from 'node:path';
import type { CheckResult } from '../../events.ts';
import { excerpt, forTerminal, lineForTerminal } from './clean.ts';
import { evidenceText } from '../record/evidence.ts';
import { clip, wrap } from './layout.ts';
import { verdictWord } from './lines.ts';
import { type Attachment, type CellRecord, lastAttempt } from '../record/record.ts';
import type { Colours } from './terminal.ts';
import { verdictColour } from './terminal.ts';

interface Options {
  width: number;
  colours: Colours;
  /** Turns an attachment's path in the output directory into one that can be pasted. */
  shownPath: (path: string) => string;
}

/** What a maintainer needs of a cell that did not pass: reasons, evidence, files, the command that boots it again. */
export function failure(cell: CellRecord, options: Options): string {
  const { width, colours, shownPath } = options;
  const paint = verdictColour(colours, cell.verdict);
  const broken = cell.checks.filter(({ verdict }) => verdict === 'failed' || verdict === 'error');
  const parts =
    broken.length > 0
      ? broken.flatMap((check) => checkParts(check, options))
      : [indented(cell.reason, width), quoted(cell.evidence, options), ...explanationParts(cell, options)];
  const files = cell.attachments
    .filter(({ attempt, detail }) => attempt === undefined && detail === undefined)
    .toSorted((a, b) => Number(isScript(a.path)) - Number(isScript(b.path)))
    .map((file) => `  ${fileLine(file, shownPath(file.path), colours)}`);
  const title = `${paint(colours.bold(verdictWord(cell.verdict)))} ${lineForTerminal(cell.summary.id)}`;
  return [title, ...parts, ...files].filter(Boolean).join('\n');
}

/** What a second boot told of why it failed. */
function explanationParts(cell: CellRecord, options: Options): string[] {
  const explanation = lastAttempt(cell)?.explanation ?? null;
  if (explanation === null) return [];
  return [indented(explanation.sentence, options.width), quoted(explanation.evidence ?? '', options)];
}

const checkParts = (check: CheckResult, options: Options): string[] => [
  indented(`${check.name}: ${check.reason}`, options.width),
  quoted(evidenceText(check.evidence), options),
];

/** A reason below the cell's title. */
const indented = (text: string, width: number): string => `  ${wrap(lineForTerminal(text), width)}`;

/** Guest text, each line behind a bar: neither a person nor a CI takes it for ours. */
function quoted(text: string, { width, colours }: Options): string {
  const shown = excerpt(forTerminal(text), { lines: 12, columns: width });
  if (shown === '') return '';
  return shown
    .split('\n')
    .map((line) => colours.dim(clip(`  | ${line}`, width)))
    .join('\n');
}

/** How much is told of what a picture shows: a QR code holds up to some 4000 characters. */
const showsColumns = 200;

const isScript = (file: string): boolean => path.extname(file) === '.sh';

/** A script is shown as the command that runs it. */
function fileLine({ name, shows }: Attachment, file: string, colours: Colours): string {
  const word = quoteForShell(lineForTerminal(file));
  if (isScript(file)) return `again: ${colours.cyan(`sh ${word}`)}`;
  const told = shows === undefined ? '' : ` (${clip(lineForTerminal(shows), showsColumns)})`;
  return lineForTerminal(`${name}: ${word}${told}`);
}

const quoteForShell = (word: string): string =>
  /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
