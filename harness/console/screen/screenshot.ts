import { rename, rm } from 'node:fs/promises';
import type { Qmp } from '../keys/qmp-keyboard.ts';

/**
 * Saves a picture of the virtual screen as PNG (QEMU 7.1 or later); a file of that name is always a whole picture.
 * @param path absolute, since QEMU writes it
 */
export async function takeScreenshot(qmp: Qmp, path: string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    // QEMU answers once it has written the file.
    await qmp('screendump', { filename: partial, format: 'png' });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
