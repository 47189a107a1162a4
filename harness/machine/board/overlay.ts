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
  await create(overlayArgs(base, path), `lay an overlay over ${base.path}`);
  return { path, driver: 'qcow2' };
}

/**
 * Makes a disk with nothing on it.
 * @param sizeMiB as the guest sees it; on the host it takes what is written to it
 * @throws HostError `overlay-failed`
 */
export async function createBlank(sizeMiB: number, path: string): Promise<DiskFile> {
  await create(blankArgs(sizeMiB, path), 'make a blank disk');
  return { path, driver: 'qcow2' };
}

async function create(args: readonly string[], what: string): Promise<void> {
  try {
    await execa('qemu-img', args);
  } catch (error) {
    const { stderr, shortMessage } = error as ExecaError<{ encoding: 'utf8' }>;
    const why = stderr?.split('\n', 1)[0] || shortMessage;
    const told = `qemu-img could not ${what}`;
    const shortage = shortageIn(why, told);
    if (shortage !== null) throw shortage;
    throw new HostError('overlay-failed', `${told}: ${why}`, {
      hint: 'It needs the package qemu-utils, and room in the directory for temporary files.',
      cause: error,
    });
  }
}

/** Arguments of `qemu-img` that make a blank disk. */
export const blankArgs = (sizeMiB: number, path: string): string[] => [
  'create',
  '-q',
  '-f',
  'qcow2',
  path,
  `${sizeMiB}M`,
];

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
