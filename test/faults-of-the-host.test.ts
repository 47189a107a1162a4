import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { imageRequirements } from '../harness/images/requirements.ts';
import { type Summary, cliPath, readSummary, untilNothingIsLeft } from './cli.ts';
import { efiDisk } from './images.ts';
import { hasNamespaces, inNamespace } from './namespace.ts';
import { type StubRun, cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

/** The command line of a prepared run, for a shell. */
const commandOf = ({ args }: StubRun): string[] => [
  process.execPath,
  cliPath,
  '-j',
  '4',
  '--retries',
  '0',
  ...args,
];

/** Programs that the harness needs, without any that a test is about. */
async function pathWith(directory: string, programs: readonly string[]): Promise<string> {
  await mkdir(directory);
  for (const program of programs) {
    const { stdout } = await execa('which', [program]);
    await symlink(stdout, join(directory, program));
  }
  return directory;
}

test.concurrent('a host without QEMU, and without a way to install it: one sentence and what to do, nothing left', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const others = ['ssh', 'ssh-keygen', 'ssh-keyscan', 'sh', 'stty'];
  const programs = [...imageRequirements.flatMap(({ command }) => command ?? []), ...others];
  const PATH = await pathWith(join(world.path, 'bin'), programs);
  const { exitCode, stderr } = await startStubRun(run, { env: { PATH } });
  expect(exitCode, String(stderr)).toBe(3);
  expect(stderr).toMatch(/This host lacks qemu-system-x86_64/);
  expect(stderr).toMatch(/apt-get install .*qemu-system-x86/);
  expect(stderr).not.toMatch(/^\s+at /m);
  await untilNothingIsLeft(world);
});

test.concurrent('a QEMU that is too old says so, and which one is wanted', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const { exitCode, stdout, stderr } = await startStubRun(run, { env: { STUB_VERSION: '5.2.0' } });
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^ERROR .*QEMU 7\.1 or newer.*5\.2\.0/m);
  expect(`${stdout}\n${stderr}`).not.toMatch(/^\s+at /m);
  const { cells } = await readSummary(run.world);
  expect(cells.map(({ verdict, code }) => [verdict, code])).toEqual([['error', 'qemu-too-old']]);
  await untilNothingIsLeft(world);
});

test.concurrent.each([24, 28, 32, 40])(
  'a limit of %i open files: no guest is blamed, nothing hangs or stays',
  async (limit) => {
    const run = await prepareStubRun(['boots', 'panics']);
    await using world = run.world;
    const { exitCode, stdout, stderr } = await execa(
      'sh',
      ['-c', `ulimit -n ${limit}; exec "$@"`, 'sh', ...commandOf(run), '--out', world.out],
      { env: { ...world.env, ...run.env }, stdin: 'ignore', reject: false },
    );
    await untilNothingIsLeft(world);
    // As many as the limit allows come to their verdict.
    expect([1, 3], `${stdout}\n${stderr}`).toContain(exitCode);
    expect(stderr).not.toMatch(/report this/);
    const cells: Summary['cells'] = await readSummary(world).then(
      (summary) => summary.cells,
      () => [],
    );
    for (const { id, verdict } of cells) {
      expect(['error', id.includes('boots') ? 'passed' : 'failed'], id).toContain(verdict);
    }
  },
);

test.skipIf(!hasNamespaces)(
  'a full disk under --out: exit code 3 and a sentence, and no half report',
  async () => {
    const run = await prepareStubRun(['boots', 'panics']);
    await using world = run.world;
    const out = join(world.path, 'small');
    const kept = join(world.path, 'kept');
    await mkdir(out);
    const script = `
out=$1 kept=$2; shift 2
mount -t tmpfs -o size=48k none "$out"
code=0; "$@" --out "$out" || code=$?
cp -r "$out" "$kept"; exit $code`;
    const { exitCode, stderr, stdout } = await inNamespace(script, [out, kept, ...commandOf(run)], {
      ...world.env,
      ...run.env,
    });
    expect(exitCode, `${stdout}\n${stderr}`).toBe(3);
    expect(`${stdout}\n${stderr}`).toMatch(/no space left|disk is full/i);
    const files = await readdir(kept);
    expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([]);
    for (const file of files.filter((name) => name.endsWith('.xml'))) {
      await execa('xmllint', ['--noout', join(kept, file)]);
    }
    await untilNothingIsLeft(world);
  },
);

test.concurrent('firmware that is not there: error, with the package to install', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  // An empty descriptor hides those of the same name in weaker directories.
  const config = join(world.path, 'config/qemu/firmware');
  await mkdir(config, { recursive: true });
  for (const directory of ['/etc/qemu/firmware', '/usr/share/qemu/firmware']) {
    const names: string[] = await readdir(directory).catch(() => []);
    for (const name of names) await writeFile(join(config, name), '');
  }
  await writeFile(run.images['boots'] ?? '', efiDisk());
  const { exitCode, stderr } = await startStubRun(run, {
    env: { XDG_CONFIG_HOME: join(world.path, 'config') },
  });
  expect(exitCode, String(stderr)).toBe(3);
  const cells = await cellsByBehaviour(run);
  expect(Object.values(cells)).toMatchObject([
    { verdict: 'error', reason: expect.stringMatching(/No UEFI firmware/) },
  ]);
  await untilNothingIsLeft(world);
});

test.skipIf(!hasNamespaces).each([
  [
    'a user id without a name',
    {},
    /^ssh runs only as a user whom passwd\(5\) names, .* id 12345\.\nRun as another user/,
  ],
  [
    'the same without HOME',
    { HOME: undefined },
    /^Nothing says where the user with the id 12345 is at home: .*\.\nSet HOME/,
  ],
  ['a HOME that is no path', { HOME: '' }, /^Nothing says where the user .* is at home/],
])('%s: told before anything boots, with what to do', async (_, env, sentence) => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const { exitCode, stdout, stderr } = await execa(
    'unshare',
    ['--user', '--map-user=12345', '--map-group=12345', ...commandOf(run), '--out', world.out],
    {
      extendEnv: false,
      env: { PATH: run.env['PATH'], TMPDIR: world.tmp, HOME: world.path, ...env },
      stdin: 'ignore',
      reject: false,
    },
  );
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/^\s+at /m);
  await untilNothingIsLeft(world);
});
