import type { Qmp } from '../keys/qmp-keyboard.ts';
import { type Picture, PictureMemory, readPicture } from './picture.ts';
import { ScreenReader } from './read/screen-reader.ts';
import type { TextRegion } from './read/text-region.ts';
import { textRows } from './read/text-rows.ts';

/** The block that a font has for what it does not have, in a word: the sign by which systemd cuts a line in its middle. */
const leftOut = /(?<=\S)[\u25a0\u220e](?=.)/g;
/** Frames and shades, which say nothing, and what looks like that block. */
const frame = '[\\u2500-\\u25ff\\u220e]';
const frames = new RegExp(frame, 'g');
const endsByFrame = new RegExp(`${frame}$`);

/** How messages of a kernel and of systemd begin: none is the rest of a line that filled its row to the edge. */
const beginning = /^\[(?: *\d+\.\d{6}|[ *]{6}| {0,2}(?:OK|FAILED|TIME|DEPEND|ASSERT|INFO|!!)[ !]*)\]/;

/** QEMU's own words where no guest has drawn anything (ui/console.c, hw/display/virtio-gpu.c, hw/display/ramfb.c). */
const byQemu =
  /^ *(?:Guest has not initialized the display \(yet\)|Display output is not active|This VM has no graphic display device)\.$/;

/** Reads a screen of pixels, look after look, for those who look for signs in its text. */
export class PixelScreen {
  readonly #reader = new ScreenReader();
  readonly #memory = new PictureMemory();

  /**
   * Takes its picture off a machine and reads it; null also where the picture is too large.
   * @param path absolute, of a file that QEMU may write; gone afterwards
   */
  async look(qmp: Qmp, path: string): Promise<string[] | null> {
    const picture = await readPicture(qmp, path, this.#memory);
    return picture === null ? null : this.read(picture);
  }

  /**
   * Its lines: those that a console broke at its edge are whole again, frames are blanks, what nobody knows is U+FFFD.
   * Null where there is no text that can be read.
   */
  read(picture: Picture): string[] | null {
    const lines = linesOf(this.#reader.read(picture));
    return lines.every((line) => line === '' || byQemu.test(line)) ? null : lines;
  }
}

function linesOf(regions: readonly TextRegion[]): string[] {
  const columns = regions.length === 1 ? regions[0]?.columns : undefined;
  const lines: string[] = [];
  let open = '';
  for (const row of textRows(regions)) {
    if (open !== '' && beginning.test(row)) {
      lines.push(open);
      open = '';
    }
    open += row.replaceAll(leftOut, '…').replaceAll(frames, ' ').trimEnd();
    if (row.length === columns && !endsByFrame.test(row)) continue;
    lines.push(open);
    open = '';
  }
  if (open !== '') lines.push(open);
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A screen's text as a file keeps it, row by row; null where there is none. */
export function screenText(picture: Picture): string | null {
  const rows = textRows(new ScreenReader().read(picture));
  const end = rows.findLastIndex((row) => row !== '');
  return end === -1 ? null : `${rows.slice(0, end + 1).join('\n')}\n`;
}
