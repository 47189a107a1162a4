import type { Canvas } from './canvas.ts';

/** By what ink may differ from what is behind it: brightness, a channel, or one channel against another. */
const features: readonly ((colour: number) => number)[] = [
  (colour) => ((colour >> 16) & 255) + ((colour >> 8) & 255) + (colour & 255),
  (colour) => 3 * ((colour >> 16) & 255),
  (colour) => 3 * ((colour >> 8) & 255),
  (colour) => 3 * (colour & 255),
  (colour) => 2 * (((colour >> 16) & 255) - (colour & 255)),
  (colour) => 2 * (((colour >> 8) & 255) - (colour & 255)),
  (colour) => 2 * (((colour >> 16) & 255) - ((colour >> 8) & 255)),
];
/** What separates ink from what is behind it is one of the widest steps, and no narrower than this. */
const steps = 6;
const narrowest = 9;

/** Where a cell may have ink: the rows of a picture in two colours, each way to see it once. */
export function* separate(
  canvas: Canvas,
  left: number,
  top: number,
  { width, height }: { width: number; height: number },
): Generator<Uint32Array> {
  const size = width * height;
  const values = new Int32Array(size);
  const rows = new Uint32Array(height);
  const all = 2 ** width - 1;
  for (const feature of features) {
    for (let at = 0; at < size; at++)
      values[at] = feature(
        canvas.colours[(top + Math.floor(at / width)) * canvas.width + left + (at % width)]!,
      );
    for (const limit of limitsOf(values)) {
      for (let row = 0; row < height; row++) {
        let bits = 0;
        for (let at = row * width; at < (row + 1) * width; at++)
          bits = (bits << 1) | (values[at]! >= limit ? 1 : 0);
        rows[row] = bits;
      }
      yield rows;
      for (let row = 0; row < height; row++) rows[row] = rows[row]! ^ all;
      yield rows;
    }
  }
}

/** The values above the widest steps, the widest first. */
function limitsOf(values: Int32Array): number[] {
  const sorted = values.toSorted();
  const found: { limit: number; step: number }[] = [];
  for (let at = 1; at < sorted.length; at++) {
    const step = sorted[at]! - sorted[at - 1]!;
    if (step >= narrowest) found.push({ limit: sorted[at]!, step });
  }
  return found
    .sort((a, b) => b.step - a.step)
    .slice(0, steps)
    .map(({ limit }) => limit);
}
