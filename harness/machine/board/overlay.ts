import { execa, type ExecaError } from 'execa';
import { HostError } from '../../errors.ts';
import { nameOf } from '../../images/disk/qemu-img.ts';
import { shortageIn } from '../../shortage.ts';
import type { DiskFile } from './description.ts';

/**
 * Makes a disk that shows an image and takes every write itself.
 * @throws HostError `overlay-failed`
 */
export async function createOverlay(base: DiskFile, path: string): Promise<DiskFile> {
  try {
    await execa('qemu-img', overlayArgs(base, path));
  } catch (error) {
    const { stderr, shortMessage } = error as ExecaError<{ encoding: 'utf8' }>;
    const why = stderr?.split('\n', 1)[0] || shortMessage;
    const told = `qemu-img could not lay an overlay over ${base.path}`;
    const shortage = shortageIn(why, told);
    if (shortage !== null) throw shortage;
    throw new HostError('overlay-failed', `${told}: ${why}`, {
      hint: 'It needs the package qemu-utils, and room in the directory for temporary files.',
      cause: error,
    });
  }
  return { path, driver: 'qcow2' };
}

/** Arguments of `qemu-img` that make the overlay; the format is given, since guessing it lets a guest choose. */
export const overlayArgs = (base: DiskFile, overlay: string): string[] => [
  'create',
  '-q',
  '-f',
  'qcow2',
  '-b',
  nameOf(base),
  '-F',
  base.driver,
  overlay,
];
