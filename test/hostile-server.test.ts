import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { expectClean } from './clean-terminal.ts';
import { untilNothingIsLeft } from './cli.ts';
import { watchMemory } from './harness-memory.ts';
import { checkJunitFile } from './junit-schema.ts';
import { scratchDirectory } from './scratch.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

const guests = {
  'ssh-garbage': /expected an SSH server/,
  'ssh-endless-banner': /expected an SSH server/,
  'ssh-endless-after-banner': /expected root to be let in/,
  'ssh-escapes': /expected root to be let in/,
  'ssh-slow': /expected an SSH server/,
  'ssh-silent': /expected an SSH server/,
  'ssh-closes': /expected an SSH server/,
};

test('whatever answers on the SSH port: a verdict, bounded memory, a clean log, well-formed XML', async () => {
  const scratch = await scratchDirectory();
  const privateKey = join(scratch, 'key');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', privateKey], { stdin: 'ignore' });
  const authorizedKey = (await readFile(`${privateKey}.pub`, 'utf8')).trim();
  const run = await prepareStubRun(Object.keys(guests), {
    sshd: { user: 'root', authorizedKey, privateKey, permitRootLogin: 'yes' },
  });
  await using world = run.world;
  const harness = startStubRun(run);
  const peakMiB = watchMemory(harness.pid);
  const { exitCode, stdout, stderr } = await harness;
  expect(exitCode, String(stderr)).toBe(1);
  const cells = await cellsByBehaviour(run);
  for (const [behaviour, reason] of Object.entries(guests)) {
    expect(cells[behaviour], behaviour).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(reason),
    });
  }
  expectClean(`${String(stdout)}\n${String(stderr)}`);
  await checkJunitFile(join(world.out, 'junit.xml'));
  expect(peakMiB()).toBeLessThan(300);
  await untilNothingIsLeft(world);
});
