import type { Picture } from '../picture.ts';
import { type Canvas, convertRows } from './canvas.ts';

/** Whether something in these rows of pixels changed, from `top` up to `end`. */
export type HasChanged = (top: number, end: number) => boolean;

/** Follows the pictures of one screen. */
export class Changes {
  canvas: Canvas = { width: 0, height: 0, colours: new Uint32Array() };
  #pixels: Uint8Array = new Uint8Array();

  /** Takes the next picture; null where it is the one before, and whether its size is another. */
  take(picture: Picture): { hasChanged: HasChanged; isOther: boolean } | null {
    const { width, height, pixels } = picture;
    const isOther = width !== this.canvas.width || height !== this.canvas.height;
    const before = isOther ? null : this.#pixels;
    if (before !== null && Buffer.compare(before, pixels) === 0) return null;
    // The picture's own memory may have the next one soon.
    if (isOther) {
      this.#pixels = new Uint8Array(pixels.length);
      this.canvas = { width, height, colours: new Uint32Array(width * height) };
    }
    // How many of the rows above each have changed.
    const counts = new Uint32Array(height + 1);
    for (let row = 0; row < height; row++) {
      const [from, to] = [3 * row * width, 3 * (row + 1) * width];
      const isSame =
        before !== null && Buffer.compare(before.subarray(from, to), pixels.subarray(from, to)) === 0;
      counts[row + 1] = counts[row]! + (isSame ? 0 : 1);
      if (isSame) continue;
      this.#pixels.set(pixels.subarray(from, to), from);
      convertRows(picture, this.canvas.colours, row, row + 1);
    }
    return { isOther, hasChanged: (top, end) => counts[Math.min(end, height)]! > counts[top]! };
  }
}
