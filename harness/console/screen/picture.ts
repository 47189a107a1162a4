import { readFile, rm, stat } from 'node:fs/promises';
import type { Qmp } from '../keys/qmp-keyboard.ts';

/** What is on the virtual screen. */
export interface Picture {
  width: number;
  height: number;
  /** Row by row, three bytes each: red, green, blue. */
  pixels: Uint8Array;
}

/** Larger than a screen of 3840 by 2160: a guest may choose any size, and the picture must fit into memory. */
const mostBytes = 32 * 2 ** 20;

/**
 * Reads the virtual screen; null where its picture is too large to be read.
 * @param path absolute, of a file that QEMU may write; gone afterwards
 */
export async function readPicture(qmp: Qmp, path: string): Promise<Picture | null> {
  try {
    await qmp('screendump', { filename: path });
    return (await stat(path)).size > mostBytes ? null : parsePpm(await readFile(path));
  } finally {
    await rm(path, { force: true });
  }
}

/** Takes a binary PPM as QEMU writes it (ui/console.c, ppm_save); null for anything else. */
export function parsePpm(file: Uint8Array): Picture | null {
  const header = /^P6\n(\d{1,5}) (\d{1,5})\n255\n/.exec(Buffer.from(file.subarray(0, 32)).toString('latin1'));
  if (header === null) return null;
  const [start, width, height] = [header[0].length, Number(header[1]), Number(header[2])];
  const pixels = file.subarray(start, start + 3 * width * height);
  return pixels.length === 0 || pixels.length < 3 * width * height ? null : { width, height, pixels };
}

/** Whether all of it has one colour. */
export const isBlank = ({ pixels }: Picture): boolean =>
  Buffer.compare(pixels.subarray(3), pixels.subarray(0, -3)) === 0;
