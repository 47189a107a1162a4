import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import type { Picture } from '../../harness/console/screen/picture.ts';

/** A picture as `screendump` wrote it with `format: png`. */
export function readPng(path: string | URL): Picture {
  const { width, height, data } = PNG.sync.read(readFileSync(path));
  const pixels = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3)
    pixels.set(data.subarray(from, from + 3), to);
  return { width, height, pixels };
}
