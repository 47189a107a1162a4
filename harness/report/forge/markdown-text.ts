import { cleanLine } from '../terminal/clean.ts';

/** GitHub takes a mebibyte of a step; a matrix that does not fit is cut, failures are told first. */
const mostRows = 500;

/** A table of fields that are Markdown already; nothing where it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
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
export function text(raw: string): string {
  const line = cleanLine(raw);
  const shown = line.length > mostText ? `${line.slice(0, mostText).toWellFormed()}…` : line;
  return shown.replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`).replaceAll(String.raw`\@`, '@<!-- -->');
}
