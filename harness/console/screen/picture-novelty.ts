import { hash } from 'node:crypto';
import type { Picture } from './picture.ts';

/** Pictures that come again are no news: a cursor blinks. */
const remembered = 4;
/** The cells of a character grid, pixels. Any grid would do: a counter is a few of them. */
const cell = { width: 8, height: 16 };
/**
 * Of all cells: what changes less than this is a counter, a spinner, a bar that fills up. A line of text is one in fifty
 * on the largest screens, and systems say more than one in the seconds between two looks.
 */
const leastShare = 0.01;

/** How a picture differs from those before it: not at all, only in counters, or in more. */
export type PictureChange = 'same' | 'counters' | 'new';

/** Tells a screen on which something happens from one on which only counters move. */
export class PictureNovelty {
  #digests: string[] = [];
  #cells: Uint32Array = new Uint32Array();

  /** Null for the first picture, which nothing can be said of. */
  add(picture: Picture): PictureChange | null {
    const digest = `${picture.width}x${picture.height} ${hash('sha1', picture.pixels)}`;
    if (this.#digests.includes(digest)) return 'same';
    const isFirst = this.#digests.length === 0;
    this.#digests = [...this.#digests.slice(1 - remembered), digest];
    const before = this.#cells;
    this.#cells = cellsOf(picture);
    if (isFirst) return null;
    if (before.length !== this.#cells.length) return 'new';
    const changed = this.#cells.reduce((sum, one, index) => sum + Number(one !== before[index]), 0);
    return changed < leastShare * before.length ? 'counters' : 'new';
  }
}

/** A number for each cell, from its pixels. */
function cellsOf({ width, height, pixels }: Picture): Uint32Array {
  const columns = Math.ceil(width / cell.width);
  const cells = new Uint32Array(columns * Math.ceil(height / cell.height));
  const bytes = 3 * width;
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cell.height) * columns;
    for (let x = 0; x < bytes; x++) {
      const at = row + Math.floor(x / (3 * cell.width));
      // FNV-1a, 32 bits.
      cells[at] = Math.imul((cells[at] ?? 0) ^ (pixels[y * bytes + x] ?? 0), 0x01000193) + 1;
    }
  }
  return cells;
}
