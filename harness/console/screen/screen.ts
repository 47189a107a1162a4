import { isBlank, readPicture } from './picture.ts';
import type { Qmp } from '../keys/qmp-keyboard.ts';
import { readQrCode } from './qr-code.ts';

/**
 * What a machine can tell of the virtual screen: `blank`, or a QR code and its text, which is the guest's. Null: neither.
 * @param path absolute, of a file that QEMU may write; gone afterwards
 */
export async function describeScreen(qmp: Qmp, path: string): Promise<string | null> {
  const picture = await readPicture(qmp, path);
  if (picture === null) return null;
  if (isBlank(picture)) return 'blank';
  const text = readQrCode(picture);
  return text === null ? null : `a QR code: ${text}`;
}
