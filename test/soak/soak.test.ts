import { readFile, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { untilNothingIsLeft } from '../cli.ts';
import { scratchDirectory } from '../scratch.ts';
import { type StubRun, prepareStubRun } from '../stub-run.ts';
import { markdown } from './markdown.ts';
import { press } from './pressure.ts';
import { percentile, readRecord } from './record.ts';
import { throttledPath } from './throttle.ts';

/** The real soak over guests of the stub. */
function soak({ world, args, env }: StubRun, ...own: string[]) {
  const main = join(import.meta.dirname, 'main.ts');
  const command = [main, '--out', join(world.path, 'soak'), '--pressure', 'none', ...own, '--', ...args];
  return execa(process.execPath, command, { env: { ...world.env, ...env }, stdin: 'ignore', reject: false });
}

test.concurrent('boots until the cells have run, keeps what did not pass, goes on where it ended', async () => {
  const run = await prepareStubRun(['boots', 'panics']);
  await using world = run.world;
  const first = await soak(run, '--cells', '3');
  expect(first.exitCode, first.stderr).toBe(1);
  // Whole rounds of the matrix: three cells are two rounds of two.
  expect(first.stdout).toMatch(/^4\/3 (passed|failed) raw\.x86_64\.bios\.disk/m);
  const directory = join(world.path, 'soak');
  const { sessions } = readRecord(join(directory, 'soak.json'));
  expect(sessions.map(({ cells }) => cells.map(({ verdict }) => verdict).toSorted())).toEqual([
    ['failed', 'failed', 'passed', 'passed'],
  ]);
  const kept = await readdir(join(directory, 'session-1/cells'));
  expect(kept.filter((id) => id.includes('boots'))).toEqual([]);
  expect(kept.filter((id) => id.includes('panics'))).toHaveLength(2);

  const again = await soak(run, '--cells', '5');
  expect(again.exitCode).toBe(2);
  expect(again.stderr).toMatch(/holds a soak of 4 cells; add to it with --continue/);

  const more = await soak(run, '--cells', '5', '--continue');
  expect(more.exitCode, more.stderr).toBe(1);
  const record = readRecord(join(directory, 'soak.json'));
  expect(record.sessions.map(({ cells }) => cells.length)).toEqual([4, 2]);
  const summary = await readFile(join(directory, 'soak.md'), 'utf8');
  expect(summary).toBe(markdown(record));
  expect(summary).toMatch(/^\*\*6 cells: 3 passed, 3 failed\.\*\*$/m);
  expect(summary).toMatch(/^- failed raw\.x86_64\.bios\.disk\.guest1-panics-1: kernel panic/m);
  await untilNothingIsLeft(world);
});

test.concurrent('what cannot be listed ends it at once, whatever time it was given', async () => {
  const run = await prepareStubRun([]);
  await using world = run.world;
  const nowhere = { ...run, args: ['--images', join(world.path, 'nowhere')] };
  const { exitCode, stderr } = await soak(nowhere, '--cells', '2', '--minutes', '600');
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^The cells cannot be listed: .*nowhere/);
});

test('the disks of a throttled machine are slow, and nothing else about it is another', async () => {
  const bin = await scratchDirectory();
  const args = join(bin, 'args');
  await writeFile(join(bin, 'qemu-system-x86_64'), `#!/bin/sh\nprintf '%s\\n' "$@" > ${args}\n`, {
    mode: 0o755,
  });
  vi.stubEnv('PATH', [bin, process.env['PATH']].join(delimiter));
  const directory = await scratchDirectory();
  const env = { PATH: await throttledPath(directory) };
  const drive = 'node-name=drive0,driver=qcow2,discard=unmap,file.driver=file,file.filename=/a  b/disk.qcow2';
  await execa('qemu-system-x86_64', ['-name', 'guest=a', '-blockdev', drive, '-serial', "it's  mon:stdio"], {
    env,
  });
  expect((await readFile(args, 'utf8')).split('\n')).toEqual([
    '-object',
    'throttle-group,id=slow,x-bps-total=16777216,x-iops-total=200',
    '-name',
    'guest=a',
    '-blockdev',
    'node-name=drive0,driver=qcow2,discard=unmap,file.driver=throttle,file.throttle-group=slow,file.file.driver=file,file.file.filename=/a  b/disk.qcow2',
    '-serial',
    "it's  mon:stdio",
    '',
  ]);
  await execa('qemu-system-x86_64', ['--version'], { env });
  expect(await readFile(args, 'utf8')).toBe('--version\n');
});

test('pressure that is lost is told at once', async () => {
  const bin = await scratchDirectory();
  await writeFile(join(bin, 'stress-ng'), '#!/bin/sh\necho no memory >&2\nexit 3\n', { mode: 0o755 });
  vi.stubEnv('PATH', [bin, process.env['PATH']].join(delimiter));
  const lost = Promise.withResolvers<void>();
  const release = press({ pressure: ['cpu'], duty: 100 }, bin, () => lost.resolve());
  await lost.promise;
  await expect(release()).rejects.toMatchObject({ code: 'pressure-lost' });
});

test.concurrent('an interrupt loses nothing that had ended, and blames nobody for what had not', async () => {
  const run = await prepareStubRun(['panics', 'hangs']);
  await using world = run.world;
  const running = soak(run, '--cells', '2');
  running.stdout.on('data', (text: Buffer) => {
    if (/^1\/2 failed /m.test(text.toString())) running.kill('SIGINT');
  });
  const { exitCode } = await running;
  expect(exitCode).toBe(1);
  const { sessions } = readRecord(join(world.path, 'soak/soak.json'));
  expect(sessions.flatMap(({ cells }) => cells)).toMatchObject([{ verdict: 'failed' }]);
  await untilNothingIsLeft(world);
});

test.concurrent('kill -9 of the soak ends its run and loses nothing that had ended', async () => {
  const run = await prepareStubRun(['panics', 'hangs']);
  await using world = run.world;
  const running = soak(run, '--cells', '2');
  running.stdout.on('data', (text: Buffer) => {
    if (/^1\/2 failed /m.test(text.toString())) running.kill('SIGKILL');
  });
  await running;
  expect(readRecord(join(world.path, 'soak/soak.json')).sessions[0]?.cells).toHaveLength(1);
  await untilNothingIsLeft(world);
});

test.each([
  [['--cells', '0'], /--cells takes a whole number/],
  [['--pressure', 'cpu,heat'], /--pressure takes none, or some of cpu,memory,disk/],
  [['--cell', '3'], /Unknown option '--cell'/],
  [['--duty', '101'], /--duty takes per cent, 1 to 100; got '101'/],
])('bad usage: %s', async (args, sentence) => {
  const main = join(import.meta.dirname, 'main.ts');
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { reject: false });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('percentiles are values that there were', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect([0.5, 0.9, 0.99, 1].map((share) => percentile(values, share))).toEqual([100, 180, 198, 200]);
  expect(percentile([7], 0.5)).toBe(7);
  expect(percentile([], 0.5)).toBe(0);
});
