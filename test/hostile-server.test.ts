import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Contract } from '../scenarios/contracts/contract.ts';
import { expectClean } from './clean-terminal.ts';
import { cliPath, untilNothingIsLeft } from './cli.ts';
import { watchMemory } from './harness-memory.ts';
import { checkJunitFile } from './junit-schema.ts';
import { hasNamespaces, inNamespace } from './namespace.ts';
import { scratchDirectory } from './scratch.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

const guests = {
  'ssh-garbage': /expected an SSH server/,
  'ssh-endless-banner': /expected an SSH server/,
  'ssh-endless-after-banner': /the empty password to be refused, got neither yes nor no/,
  'ssh-escapes': /the empty password to be refused, got neither yes nor no/,
  'ssh-slow': /expected an SSH server/,
  'ssh-silent': /expected an SSH server/,
  'ssh-closes': /expected an SSH server/,
};

/** A contract with a key of its own, made in this directory. */
async function promisedKey(scratch: string): Promise<Partial<Contract>> {
  const privateKey = join(scratch, 'key');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', privateKey], { stdin: 'ignore' });
  const authorizedKey = (await readFile(`${privateKey}.pub`, 'utf8')).trim();
  return { sshd: { user: 'root', authorizedKey, privateKey, permitRootLogin: 'yes' } };
}

test('whatever answers on the SSH port: a verdict, bounded memory, a clean log, well-formed XML', async () => {
  const scratch = await scratchDirectory();
  const run = await prepareStubRun(Object.keys(guests), await promisedKey(scratch));
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

test.skipIf(!hasNamespaces)(
  'whoever lets in by any password is found where nothing in TMPDIR can be run (noexec)',
  async () => {
    const run = await prepareStubRun(['ssh-any-password'], await promisedKey(await scratchDirectory()));
    await using world = run.world;
    const script = `
busybox ip link set lo up
mount -t tmpfs -o noexec none "$1"; shift
exec "$@"`;
    const command = [process.execPath, cliPath, '--retries', '0', ...run.args, '--out', world.out];
    const { exitCode, stdout, stderr } = await inNamespace(script, [world.tmp, ...command], {
      ...world.env,
      ...run.env,
    });
    expect(exitCode, `${stdout}\n${stderr}`).toBe(1);
    const { 'ssh-any-password': cell } = await cellsByBehaviour(run);
    expect(cell?.checks.find(({ name }) => name === 'sshd')).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(
        /a login with a password that was made up to be refused, but sshd lets root in with it/,
      ),
    });
  },
);
