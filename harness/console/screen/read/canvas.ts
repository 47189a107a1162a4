import type { Picture } from '../picture.ts';

/** A picture with one number for each pixel's colour: red, green and blue, eight bits each. */
export interface Canvas {
  width: number;
  height: number;
  colours: Uint32Array;
}

/** Takes over some rows of a picture, from `first` up to `end`. */
export function convertRows(
  { width, pixels }: Picture,
  colours: Uint32Array,
  first: number,
  end: number,
): void {
  for (let at = first * width, from = 3 * at; at < end * width; at++, from += 3)
    colours[at] = (pixels[from]! << 16) | (pixels[from + 1]! << 8) | pixels[from + 2]!;
}
