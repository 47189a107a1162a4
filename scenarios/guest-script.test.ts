import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { hostGuest } from '../test/host-guest.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { runAsRoot } from './guest-script.ts';

/** A guest of a user's, whose sudo does this. */
async function userGuest(sudo: string) {
  const bin = await scratchDirectory();
  await writeFile(join(bin, 'sudo'), `#!/bin/sh\n${sudo}\n`);
  await chmod(join(bin, 'sudo'), 0o755);
  const guest = await hostGuest({ env: { PATH: [bin, process.env['PATH']].join(delimiter) } });
  return { ...guest, shell: { ...guest.shell, user: 'nixos' } };
}

it('takes what the script says, and not what sudo says before', async () => {
  const guest = await userGuest('echo "sudo: unable to resolve host nixos"; shift; exec "$@"');
  const { output, status } = await runAsRoot(guest, 'echo a; echo b; exit 3');
  expect({ output: output.trimEnd(), status }).toEqual({ output: 'a\nb', status: 3 });
});

it('says what sudo says where it does not make one root', async () => {
  const guest = await userGuest('echo "sudo: a password is required" >&2; exit 1');
  await expect(runAsRoot(guest, 'true')).rejects.toMatchObject({
    code: 'no-root',
    message: expect.stringContaining('sudo: a password is required'),
  });
});
