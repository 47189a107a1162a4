import { decodeQR } from 'qr/decode.js';
import type { Picture } from './picture.ts';

/** Milliseconds for what is tried beyond the first look, where a code is there and hard to read. */
const timeLimit = 250;

/** The text of the QR code on a screen, light on dark or dark on light; null where there is none that can be read. */
export function readQrCode({ width, height, pixels }: Picture): string | null {
  try {
    return decodeQR({ width, height, data: pixels }, { format: 'RGB', timeLimit }) || null;
  } catch {
    // It throws where nothing is found, and at sizes that are none.
    return null;
  }
}
