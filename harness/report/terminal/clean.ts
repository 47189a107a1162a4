/** Guest text made harmless: for the terminal or the report of whoever runs us it is only ever text. */

/**
 * Control functions as ECMA-48 builds them: strings (OSC, DCS, …; systemd and shells send titles and contexts), CSI
 * sequences, two-byte escapes. Node's own list misses strings that hold a blank. No alternative can run over the next ESC.
 */
const controlFunctions =
  /\x1B[\]PX^_][^\x00-\x1F\x9C]*(?:\x07|\x1B\\|\x9C)|(?:\x1B\[|\x9B)[\x30-\x3F]*[\x20-\x2F]*[\x40-\x7E]|\x1B[\x20-\x2F]*[\x30-\x7E]/g;

/** What is left of C0 and DEL, but for tab and newline. */
const controls = /[\x00-\x08\x0B-\x1F\x7F]/g;

/** C1, marks that reorder text (a file name or a log line that reads as another), characters that XML 1.0 forbids. */
const deceptive = /[\x80-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g;

/** Text of several lines without escape sequences; other control characters are shown by their pictures, e.g. `␀`. */
export function clean(text: string): string {
  return text
    .replace(controlFunctions, '')
    .replace(/\r+\n?/g, '\n')
    .replace(controls, (character) => (character === '\x7F' ? '␡' : picture(character)))
    .replace(deceptive, '\uFFFD')
    .toWellFormed();
}

/** U+2400 and the following are the pictures of C0, in the same order. */
const picture = (character: string): string => String.fromCodePoint(0x2400 + character.charCodeAt(0));

/** The same on one line, e.g. for a reason. */
export const cleanLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

/**
 * For a terminal, which may be the log of a CI: its commands (`::error`, `##[group]`, `##vso[…]`) are broken too, wherever
 * wrapping may put them.
 */
export const forTerminal = (text: string): string =>
  clean(text)
    .replace(/\t/g, '    ')
    .replace(/##(?=\w*\[)/g, '# #')
    .replace(/(^|\s)::(?=[a-z])/gm, '$1: :');

/** The same on one line. */
export const lineForTerminal = (text: string): string => forTerminal(cleanLine(text));

/**
 * For XML, CDATA included (`]]>` would end it), and so that no guest names a file of the CI's host as its attachment.
 */
export const forXml = (text: string): string =>
  clean(text)
    .replace(/\]\]>/g, ']] >')
    .replace(/\[\[(?=ATTACHMENT)/gi, '[ [');

/** The same on one line, cut to `limit` characters. */
export function lineForXml(text: string, limit = 400): string {
  const line = forXml(cleanLine(text));
  return line.length > limit ? `${line.slice(0, limit).toWellFormed()}…` : line;
}

/** Head and tail of a long text, and lines cut to `columns` characters: the end of a log mostly tells more. */
export function excerpt(text: string, { lines, columns }: { lines: number; columns: number }): string {
  const all = text
    .trimEnd()
    .split('\n')
    .map((line) => (line.length > columns ? `${line.slice(0, columns).toWellFormed()}…` : line));
  if (all.length <= lines) return all.join('\n');
  const head = Math.floor(lines / 3);
  const tail = lines - head - 1;
  const omitted = all.length - head - tail;
  return [...all.slice(0, head), `… ${omitted} lines left out …`, ...all.slice(all.length - tail)].join('\n');
}
