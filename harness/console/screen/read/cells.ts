import type { Canvas } from './canvas.ts';

/** One cell of a picture, as it was looked at last. */
export interface Cell {
  /** How many colours it has: 1, 2, or 3 for more. */
  colours: number;
  /** The first pixel's. */
  first: number;
  /** The first other one. */
  second: number;
  /** Where the second colour is, the leftmost pixel in the highest of `width` bits. */
  rows: Uint32Array;
}

/** Looks at one cell; `cell.rows` has room for its rows. */
export function lookAt(
  canvas: Canvas,
  left: number,
  top: number,
  width: number,
  height: number,
  cell: Cell,
): void {
  const { colours } = canvas;
  const first = colours[top * canvas.width + left]!;
  let second = first;
  let count = 1;
  for (let row = 0; row < height; row++) {
    let bits = 0;
    let at = (top + row) * canvas.width + left;
    for (const end = at + width; at < end; at++) {
      const colour = colours[at]!;
      bits <<= 1;
      if (colour === first) continue;
      if (count === 1) {
        second = colour;
        count = 2;
      }
      if (colour === second) bits |= 1;
      else count = 3;
    }
    cell.rows[row] = bits;
  }
  cell.colours = count;
  cell.first = first;
  cell.second = second;
}

/** Where a cell has this colour, as `rows`. */
export function inkOf(
  canvas: Canvas,
  left: number,
  top: number,
  { width, ink }: { width: number; ink: number },
  rows: Uint32Array,
): void {
  for (let row = 0; row < rows.length; row++) {
    let bits = 0;
    let at = (top + row) * canvas.width + left;
    for (const end = at + width; at < end; at++) bits = (bits << 1) | (canvas.colours[at] === ink ? 1 : 0);
    rows[row] = bits;
  }
}
