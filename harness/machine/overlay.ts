import { execa } from 'execa';
import { HostError } from '../errors.ts';
import type { DiskFile } from './description.ts';

/**
 * Makes a disk that shows an image and takes every write itself.
 * @throws HostError `overlay-failed`
 */
export async function createOverlay(base: DiskFile, path: string): Promise<DiskFile> {
  try {
    await execa('qemu-img', overlayArgs(base, path));
  } catch (error) {
    const message = `qemu-img could not lay an overlay over ${base.path}: ${(error as Error).message}`;
    throw new HostError('overlay-failed', message, {
      hint: 'qemu-img is in the package qemu-utils; its directory for temporary files must have room.',
      cause: error,
    });
  }
  return { path, driver: 'qcow2' };
}

/** Arguments of `qemu-img` that make the overlay; the format is given, since guessing it lets a guest choose. */
export const overlayArgs = ({ path, driver }: DiskFile, overlay: string): string[] => [
  'create',
  '-q',
  '-f',
  'qcow2',
  '-b',
  path,
  '-F',
  driver,
  overlay,
];
