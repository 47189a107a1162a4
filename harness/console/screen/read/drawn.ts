import type { Canvas } from './canvas.ts';
import type { CellIndex, Entry } from './cell-index.ts';
import { separate } from './separate.ts';

/** A character before a picture. */
export interface Drawn {
  entry: Entry;
  /** The mean of its ink's colours, which may be mixed with what is behind it. */
  ink: number;
}

/** How far the ink of two characters of one text may be apart, each mixed with its own part of a picture. */
const spread = 56;

/** The characters that a cell may show before a picture: one that is a proof alone, else every ASCII one, the likeliest first. */
export function findDrawn(canvas: Canvas, index: CellIndex, left: number, top: number): Drawn[] {
  const votes = new Map<Entry, { votes: number; ink: number }>();
  for (const rows of separate(canvas, left, top, index)) {
    const entry = index.find(rows);
    if (entry === undefined || !(entry.isProof || isAscii(entry))) continue;
    const known = votes.get(entry);
    if (known === undefined) votes.set(entry, { votes: 1, ink: meanOf(canvas, left, top, index, rows) });
    else known.votes += 1;
  }
  const found = [...votes]
    .sort(([a, { votes: m }], [b, { votes: n }]) => Number(b.isProof) - Number(a.isProof) || n - m)
    .map(([entry, { ink }]): Drawn => ({ entry, ink }));
  return found[0]?.entry.isProof === true ? found.slice(0, 1) : found;
}

/** Whether it may be a sign of ASCII. */
export const isAscii = ({ meanings }: Entry): boolean =>
  meanings.some(({ code }) => code > 0x20 && code < 0x7f);

function meanOf(
  canvas: Canvas,
  left: number,
  top: number,
  { width, height }: CellIndex,
  rows: Uint32Array,
): number {
  const sums = [0, 0, 0];
  let count = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (((rows[row]! >> (width - 1 - column)) & 1) === 0) continue;
      const colour = canvas.colours[(top + row) * canvas.width + left + column]!;
      count += 1;
      sums[0]! += colour >> 16;
      sums[1]! += (colour >> 8) & 255;
      sums[2]! += colour & 255;
    }
  }
  const [red = 0, green = 0, blue = 0] = sums.map((sum) => Math.round(sum / Math.max(1, count)));
  return (red << 16) | (green << 8) | blue;
}

/** Whether two colours may be the same ink. */
export const isLikeInk = (a: number, b: number): boolean =>
  Math.max(
    Math.abs((a >> 16) - (b >> 16)),
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)),
    Math.abs((a & 255) - (b & 255)),
  ) <= spread;

/** How many pixels of a cell are of this ink, or may be where that is mixed with a picture. */
export function pixelsLike(
  canvas: Canvas,
  { width, height }: CellIndex,
  left: number,
  top: number,
  { colour, exactly }: { colour: number; exactly: boolean },
): number {
  let count = 0;
  for (let row = top; row < top + height; row++) {
    for (let column = left; column < left + width; column++) {
      const one = canvas.colours[row * canvas.width + column]!;
      if (exactly ? one === colour : isLikeInk(one, colour)) count += 1;
    }
  }
  return count;
}
