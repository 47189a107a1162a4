import { readFile, rm } from 'node:fs/promises';
import { askMonitor } from '../../machine/sockets/hmp.ts';
import type { Qmp } from '../keys/qmp-keyboard.ts';
import type { ScreenText } from './screen-text.ts';

/** Where VGA's text mode keeps its 80 by 25 characters, each with a byte of colours. */
const address = 0xb8000;
const columns = 80;
const rows = 25;
const bytes = columns * rows * 2;
/** What a text is made of: blanks, ASCII, and the frames and shades of code page 437. */
const isText = (code: number): boolean =>
  code === 0 || (code >= 0x20 && code < 0x7f) || (code >= 0xb0 && code <= 0xdf);
/** In a graphics mode there are pixels at that place, or nothing. */
const leastText = 0.98;

/** Where BIOS keeps the cursor of the first page, column and row (RBIL, memory 0040h:0050h). */
const cursorAddress = 0x450;

/**
 * What a PC's screen shows in text mode, row by row, and the cursor, as programs need it that answer to a menu. Null in a
 * graphics mode. Only while BIOS or a bootloader has the screen: Linux scrolls it where nobody is told.
 * @param path absolute, of a file that QEMU may write; gone afterwards
 */
export async function readScreenText(qmp: Qmp, path: string): Promise<ScreenText | null> {
  const rows = decodeRows(await readMemory(qmp, path));
  const answer = await askMonitor(qmp, `xp /2bx ${cursorAddress}`);
  const [, column, row] = /: (0x[0-9a-f]+) (0x[0-9a-f]+)/.exec(answer) ?? [];
  return rows === null ? null : { rows, cursor: { row: Number(row ?? 0), column: Number(column ?? 0) } };
}

async function readMemory(qmp: Qmp, path: string): Promise<Uint8Array> {
  try {
    await qmp('pmemsave', { val: address, size: bytes, filename: path });
    return await readFile(path);
  } finally {
    await rm(path, { force: true });
  }
}

/** All rows; what is not ASCII is `?`. */
export function decodeRows(memory: Uint8Array): string[] | null {
  const characters = charactersOf(memory);
  if (characters === null) return null;
  const shown = characters.map((code) => (code < 0x20 ? 0x20 : code < 0x7f ? code : 0x3f));
  return Array.from({ length: rows }, (_, row) =>
    String.fromCharCode(...shown.subarray(row * columns, (row + 1) * columns)).trimEnd(),
  );
}

/** Null where there is no text. */
function charactersOf(memory: Uint8Array): Uint8Array | null {
  const characters = memory.filter((_, index) => index % 2 === 0);
  const texts = characters.filter(isText).length;
  return texts < leastText * columns * rows || characters.every((code) => code === 0) ? null : characters;
}
