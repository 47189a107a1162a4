import { open, rm } from 'node:fs/promises';
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
 * Memory that pictures are read into, each in the place of the one before: some MiB for every look would have to be
 * collected again, and all else in the heap looked through for it.
 */
export class PictureMemory {
  #bytes = Buffer.alloc(0);

  /** Room for so many bytes; what was there before is overwritten. */
  room(bytes: number): Buffer {
    if (this.#bytes.length < bytes) this.#bytes = Buffer.allocUnsafeSlow(bytes);
    return this.#bytes.subarray(0, bytes);
  }
}

/**
 * Reads the virtual screen; null where its picture is too large to be read.
 * @param path absolute, of a file that QEMU may write; gone afterwards
 * @param memory where the picture is, up to the next one @default its own
 */
export async function readPicture(
  qmp: Qmp,
  path: string,
  memory: PictureMemory = new PictureMemory(),
): Promise<Picture | null> {
  try {
    await qmp('screendump', { filename: path });
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > mostBytes) return null;
    const { bytesRead, buffer } = await file.read(memory.room(size), 0, size, 0);
    return parsePpm(buffer.subarray(0, bytesRead));
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
