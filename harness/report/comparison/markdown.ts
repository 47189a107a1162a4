import { type Comparison, isRefused } from '../../difference.ts';
import { table, text } from '../forge/markdown-text.ts';
import { count } from '../terminal/lines.ts';
import { tablesOf } from './tables.ts';

/** What differs, a section each. */
export const comparisonSections = (comparison: Comparison): string[] =>
  tablesOf(comparison).map(({ level, title, head, rows, more }) =>
    [
      `### ${level === 'fail' ? '❌' : '⚠️'} ${text(title)}`,
      table(
        head.map(text),
        rows.map((row) => row.map(text)),
      ),
      ...(more === 0 ? [] : [`… and ${more} more`]),
    ].join('\n\n'),
  );

/** A comparison for a pull request. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { across, against } = comparison;
  const sections = comparisonSections(comparison);
  const verdict =
    sections.length === 0
      ? 'nothing differs'
      : isRefused(comparison)
        ? 'refused'
        : 'differences, none of which counts';
  const notes = [...across.notes, ...(against?.notes ?? [])].slice(0, 20).map((note) => `- ${text(note)}`);
  const what = against === null ? '' : `, and with ${text(against.baseline)}`;
  return `${[
    `## Boot matrix: ${verdict}`,
    `${count(across.cells, 'cell')} compared across formats${what}.`,
    ...sections,
    notes.join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}
