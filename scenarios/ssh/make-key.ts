import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Guest } from '../../harness/console/guest.ts';

/** Makes an SSH key that nobody has seen before; the answer is the private half's path, in the guest's scratch directory. */
export async function makeKey(guest: Pick<Guest, 'scratch'>): Promise<string> {
  const path = join(guest.scratch, `key-${randomBytes(3).toString('hex')}`);
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'boot-matrix', '-f', path], {
    stdin: 'ignore',
  });
  return path;
}
