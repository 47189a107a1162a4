import { type Comparison, isRefused } from '../../difference.ts';
import { cleanLine } from '../terminal/clean.ts';
import { count } from '../terminal/lines.ts';
import { type Table, tablesOf } from './tables.ts';

/** Characters of a value in a pull request's table. */
const most = 120;

/** Guest text as Markdown shows it, and not as Markdown, HTML or a mention. */
function cell(text: string): string {
  const line = cleanLine(text);
  const short = line.length > most ? `${line.slice(0, most).toWellFormed()}…` : line;
  return short
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/([\\`*_{}[\]()#+!|~>@:/-])/g, (character) => `&#${character.charCodeAt(0)};`);
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function tableMarkdown({ level, title, head, rows, more }: Table): string {
  const mark = level === 'fail' ? '❌' : '⚠️';
  const rest = more === 0 ? '' : `\n\n… and ${more} more`;
  return [
    `### ${mark} ${cell(title)}\n`,
    row(head.map(cell)),
    row(head.map(() => '---')),
    ...rows.map((cells) => row(cells.map(cell))),
  ]
    .join('\n')
    .concat(rest);
}

/** A comparison for a pull request. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { across, against } = comparison;
  const tables = tablesOf(comparison);
  const notes = [...across.notes, ...(against?.notes ?? [])];
  const what = [
    `${count(across.cells, 'cell')} compared across formats`,
    ...(against === null ? [] : [`and with ${cell(against.baseline)}`]),
  ].join(' ');
  const verdict =
    tables.length === 0
      ? 'nothing differs'
      : isRefused(comparison)
        ? 'refused'
        : 'differences, none of which counts';
  return `${[
    `## Boot matrix: ${verdict}\n\n${what}.`,
    ...tables.map(tableMarkdown),
    ...(notes.length === 0
      ? []
      : [
          notes
            .slice(0, 20)
            .map((note) => `- ${cell(note)}`)
            .join('\n'),
        ]),
  ].join('\n\n')}\n`;
}
