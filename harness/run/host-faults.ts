import { statfs } from 'node:fs/promises';
import { HostError } from '../errors.ts';
import type { Cell } from '../matrix/cell.ts';
import type { Digests } from './digests.ts';

interface Place {
  digests: Digests;
  out: string;
  scratch: string;
}

/** Room below which a disk counts as full: what did not fit is mostly larger than what is left. */
const leastKiB = 64;

/**
 * What happened to this host while a cell ran and the cell itself did not see: an image that is not what it was, a disk
 * that is full, so that what the guest said is lost. Null: nothing.
 */
export async function findHostFault(cell: Cell, { digests, out, scratch }: Place): Promise<HostError | null> {
  const change = await digests.whatChanged(cell);
  if (change !== null) {
    return new HostError('image-changed', `the image ${change} while it was tested`, {
      hint: 'Let nothing move, replace or write to images while they are tested, and run again.',
    });
  }
  for (const [option, directory] of Object.entries({ '--out': out, TMPDIR: scratch })) {
    if (await isFull(directory)) {
      return new HostError(
        'disk-full',
        `the disk under ${directory} is full, so what was seen of the guest may not be all`,
        {
          hint: `Free space on it, or name another by ${option}.`,
          transient: true,
        },
      );
    }
  }
  return null;
}

async function isFull(directory: string): Promise<boolean> {
  const { bavail, bfree, bsize } = await statfs(directory);
  // What is kept for root is room only for root.
  const blocks = process.getuid?.() === 0 ? bfree : bavail;
  return (blocks * bsize) / 1024 < leastKiB;
}
