/** Clean text fitted to columns of a terminal, where a character may be two columns wide. */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** At most `width` columns; what was cut ends in `…`. */
export function clip(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  if (width < 1) return '';
  const [first = ''] = wrapAnsi(text, width, { hard: true, wordWrap: false, trim: false }).split('\n');
  return stringWidth(first) < width ? `${first}…` : clipByOne(first, width);
}

/** The first line filled all columns: its last character gives way, together with what combines with it. */
function clipByOne(line: string, width: number): string {
  const characters = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  while (stringWidth(characters.join('')) >= width) characters.pop();
  return `${characters.join('')}…`;
}

/** Exactly `width` columns. */
export const padEnd = (text: string, width: number): string =>
  clip(text, width) + ' '.repeat(Math.max(0, width - stringWidth(text)));

export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - stringWidth(text))) + clip(text, width);

/** Broken between words only, so that a long path can still be copied; lines after the first begin with `indent`. */
export const wrap = (text: string, width: number, indent = '  '): string =>
  wrapAnsi(text, Math.max(1, width - stringWidth(indent)), { hard: false }).replaceAll('\n', `\n${indent}`);

/** The widest of some texts, in columns. */
export const widest = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map((text) => stringWidth(text)));
