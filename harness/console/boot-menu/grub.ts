import type { ScreenText } from '../screen/screen-text.ts';
import { keysOf, type Loader } from './loader.ts';

/** GRUB grub-core/normal/menu_text.c, whose words are broken where the screen ends. */
const menu = /\bUse the .* keys to select which entry is highlighted\./;
const editor = /\bMinimum Emacs-like screen editing is supported\./;
const commandLine = /^grub> /;
/** The commands that start Linux; the older ones are distributions' own. */
const startsLinux = /^\s*linux(?:16|efi)?\s/;
/** The frame around menu and editor; its first column is the screen's second. */
const frame = /^ \?{20,}$/;
const left = 2;

/** A line of the text that is edited, and the rows of the screen that it takes. */
interface Line {
  text: string;
  first: number;
  last: number;
}

/** GRUB, on a PC's text screen and on UEFI's console. */
export const grub: Loader = {
  name: 'GRUB',
  next(screen, { words }) {
    const text = screen.rows.join(' ').replaceAll(/\s+/g, ' ');
    if (menu.test(text)) return { does: 'open', keys: keysOf('e'), urgent: true };
    if (commandLine.test(`${screen.rows.findLast((row) => row !== '') ?? ''} `))
      return { does: 'leave', keys: [['esc']] };
    if (!editor.test(text)) return null;
    const lines = linesOf(screen);
    const here = lines.findIndex(
      ({ first, last }) => first <= screen.cursor.row && screen.cursor.row <= last,
    );
    if (here === -1) return null;
    const at = lines.findIndex((line) => startsLinux.test(line.text));
    if (at !== here) return { does: 'move', keys: move((at === -1 ? lines.length : at) - here) };
    if (lines[at]?.text.endsWith(words) === true) return { does: 'boot', keys: [['f10']] };
    return { does: 'type', keys: [['end'], ...keysOf(words)] };
  },
  undo: [['esc']],
};

const move = (lines: number): string[][] =>
  Array.from({ length: Math.abs(lines) }, () => [lines > 0 ? 'down' : 'up']);

/** What is in the frame. A line that goes on in the next row, or below the last one, has a backslash in the last column. */
function linesOf({ rows }: ScreenText): Line[] {
  const top = rows.findIndex((row) => frame.test(row));
  const bottom = rows.findLastIndex((row) => frame.test(row));
  // One of the corners is no letter on a terminal, and is lost there.
  const right = Math.max(...[top, bottom].map((row) => rows[row]?.length ?? 0)) - 1;
  const lines: Line[] = [];
  let open: Line | undefined;
  for (let row = top + 1; row < bottom; row++) {
    const part = (rows[row] ?? '').slice(left, right);
    const goesOn = part.length === right - left && part.endsWith('\\');
    const text = goesOn ? part.slice(0, -1) : part.trimEnd();
    open = { text: (open?.text ?? '') + text, first: open?.first ?? row, last: row };
    if (goesOn && row < bottom - 1) continue;
    lines.push(open);
    open = undefined;
  }
  return lines;
}
