import { isBlank, readPicture } from './picture.ts';
import { screenText } from './pixel-screen.ts';
import type { Qmp } from '../keys/qmp-keyboard.ts';
import { readQrCode } from './qr-code.ts';

/** What a machine can tell of the virtual screen. */
export interface Shown {
  /** `blank`, or a QR code and its text, which is the guest's. Null: neither. */
  shows: string | null;
  /** All that stands there, row by row; null where no text can be read. */
  text: string | null;
}

/**
 * Reads the virtual screen; null where its picture is too large to be read.
 * @param path absolute, of a file that QEMU may write; gone afterwards
 */
export async function describeScreen(qmp: Qmp, path: string): Promise<Shown | null> {
  const picture = await readPicture(qmp, path);
  if (picture === null) return null;
  if (isBlank(picture)) return { shows: 'blank', text: null };
  const code = readQrCode(picture);
  return { shows: code === null ? null : `a QR code: ${code}`, text: screenText(picture) };
}
