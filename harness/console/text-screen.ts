import { readFile, rm } from 'node:fs/promises';
import type { Qmp } from './qmp-keyboard.ts';

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

/**
 * What a PC's screen shows in text mode, by rows: BIOS, its option ROMs and bootloaders may speak there and nowhere else.
 * Null in a graphics mode.
 * @param path absolute, of a file that QEMU may write; gone afterwards
 */
export async function readTextScreen(qmp: Qmp, path: string): Promise<string[] | null> {
  try {
    await qmp('pmemsave', { val: address, size: bytes, filename: path });
    return decodeTextScreen(await readFile(path));
  } finally {
    await rm(path, { force: true });
  }
}

/** Rows that run over to the next are joined: programs there know nothing of lines longer than the screen. */
export function decodeTextScreen(memory: Uint8Array): string[] | null {
  const characters = memory.filter((_, index) => index % 2 === 0);
  const texts = characters.filter(isText).length;
  if (texts < leastText * columns * rows || characters.every((code) => code === 0)) return null;
  const lines: string[] = [];
  let open = '';
  for (let row = 0; row < rows; row++) {
    const codes = characters.subarray(row * columns, (row + 1) * columns);
    open += String.fromCharCode(...codes.map((code) => (code >= 0x20 && code < 0x7f ? code : 0x20)));
    if (codes.at(-1) !== 0x20 && codes.at(-1) !== 0) continue;
    lines.push(open.trimEnd());
    open = '';
  }
  if (open !== '') lines.push(open.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
