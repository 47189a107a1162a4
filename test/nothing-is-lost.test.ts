import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { RunEvent } from '../harness/events.ts';
import {
  type World,
  pidsOf,
  readEventLog,
  readSummary,
  startCli,
  untilEvent,
  untilNothingIsLeft,
} from './cli.ts';
import { type StubRun, prepareStubRun, startStubRun } from './stub-run.ts';

/** A run of which one cell has finished and another hangs in its kernel. */
async function startHalfRun(env: Record<string, string> = {}, other: 'goes-on' | 'hangs' = 'hangs') {
  const run = await prepareStubRun(['panics', other]);
  const harness = startStubRun(run, { env });
  await untilEvent(run.world, ({ type }) => type === 'cell-finished');
  await untilEvent(
    run.world,
    (event) => event.type === 'phase' && event.phase === 'kernel' && event.cell.includes(other),
  );
  return { run, world: run.world, harness };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const reports = async ({ out }: World): Promise<string[]> =>
  Promise.all(['junit.xml', 'summary.json', 'index.html'].map((name) => readFile(join(out, name), 'utf8')));

test('kill -9: what had finished is in the reports all the same, and the rest is no verdict on a guest', async () => {
  const { world, harness } = await startHalfRun();
  await using _ = world;
  harness.kill('SIGKILL');
  await harness;
  await untilNothingIsLeft(world);
  expect((await readdir(world.out)).toSorted()).toEqual([
    'cells',
    'contract.json',
    'events.jsonl',
    'index.html',
    'junit.xml',
    'summary.json',
  ]);
  const { cells, interrupted } = await readSummary(world);
  expect(interrupted).toBe(true);
  expect(cells.map(({ verdict, phase }) => [verdict, phase])).toEqual([
    ['failed', 'kernel'],
    ['error', 'kernel'],
  ]);
  expect(cells[1]?.reason).toMatch(/^Interrupted while booting/);
  await execa('xmllint', ['--noout', join(world.out, 'junit.xml')]);

  // By hand it comes to the same, with the exit code of a run that was interrupted.
  const before = await reports(world);
  const again = await startCli(world, ['--report-only']);
  expect(again).toMatchObject({ exitCode: 130, stderr: '' });
  expect(String(again.stdout)).toMatch(/2 cells: 1 failed, 1 error in .*, interrupted/);
  expect(await reports(world)).toEqual(before);
});

test('--report-only of a run that ended tells what it told, with its exit code', async () => {
  const run = await prepareStubRun(['panics']);
  await using world = run.world;
  const first = await startStubRun(run);
  const before = await reports(world);
  const again = await startCli(world, ['--report-only', '--json']);
  expect(again.exitCode).toBe(first.exitCode);
  expect(again.stdout).toBe(before[1]?.trimEnd());
  expect(await reports(world)).toEqual(before);
});

test('--report-only where no run was: one sentence', async () => {
  const run = await prepareStubRun([]);
  await using world = run.world;
  const { exitCode, stderr } = await startCli(world, ['--report-only']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^\S+events\.jsonl could not be read: .*$/);
});

test('killed before it began: no earlier run is reported for it', async () => {
  const run = await prepareStubRun(['panics']);
  await using world = run.world;
  await startStubRun(run);
  const events = join(world.out, 'events.jsonl');
  await Promise.all(['junit.xml', 'summary.json'].map((name) => rm(join(world.out, name))));
  // A QEMU that never tells its version, for which it is asked once all that outlives the harness is there.
  const asked = join(world.path, 'asked');
  const bin = join(world.path, 'bin');
  await mkdir(bin);
  await writeFile(
    join(bin, 'qemu-system-x86_64'),
    `#!/bin/sh\n: > ${asked}\nexec setpriv --pdeathsig KILL sleep 1000\n`,
    { mode: 0o755 },
  );
  const harness = startStubRun(run, { env: { PATH: `${bin}:${process.env['PATH']}` } });
  await until(() => existsSync(asked));
  expect(await readFile(events, 'utf8')).toBe('');
  harness.kill('SIGKILL');
  await harness;
  await untilNothingIsLeft(world);
  expect((await readdir(world.out)).filter((name) => name !== 'cells')).toEqual(['events.jsonl']);
  const { exitCode, stderr } = await startCli(world, ['--report-only']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /^Expected the events of a run in \S+events\.jsonl, got none: it ended before it began\.$/,
  );
});

/** Makes the harness come to grief where nobody catches it, at SIGUSR2. */
async function crashOnSignal({ world }: StubRun, crash: string): Promise<Record<string, string>> {
  const file = join(world.path, 'crash.mjs');
  await writeFile(file, `process.on('SIGUSR2', () => { ${crash} });`);
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}

const moments: [string, string, (event: RunEvent) => boolean][] = [
  ['an exception', "throw new TypeError('seeded defect');", ({ type }) => type === 'cell-started'],
  [
    'an exception',
    "throw new TypeError('seeded defect');",
    (event) => event.type === 'phase' && event.phase === 'kernel',
  ],
  ['a rejection', "Promise.reject(new TypeError('seeded defect'));", ({ type }) => type === 'check-started'],
];

test.concurrent.each(moments)(
  '%s that nobody catches ends the run in order: exit code 3, whole reports, nobody else blamed',
  async (_, crash, moment) => {
    const run = await prepareStubRun(['panics', 'boots', 'hangs']);
    await using world = run.world;
    const harness = startStubRun(run, { env: await crashOnSignal(run, crash) });
    await untilEvent(world, moment);
    harness.kill('SIGUSR2');
    const { exitCode, stderr } = await harness;
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    const { cells, notices } = await readSummary(world);
    expect(cells).toHaveLength(3);
    const [panics, boots, hangs] = cells.map(({ verdict }) => verdict);
    expect(['failed', 'error']).toContain(panics);
    expect(['passed', 'error']).toContain(boots);
    expect(hangs).toBe('error');
    expect(cells[2]).toMatchObject({ code: 'harness', reason: 'the harness failed: seeded defect' });
    expect(notices).toMatchObject([{ level: 'error', text: expect.stringContaining('seeded defect') }]);
    const xpath = 'string(//testsuite[@name="run"]//error/@message)';
    const { stdout } = await execa('xmllint', ['--xpath', xpath, join(world.out, 'junit.xml')]);
    expect(stdout).toContain('boot-matrix failed in a way it should not');
    await untilNothingIsLeft(world);
  },
);

test('a harness that cannot be loaded blames no guest', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const file = join(world.path, 'hooks.mjs');
  const resolve = `resolve: (name, context, next) => next(name.replace('./dispatch.ts', './gone.ts'), context)`;
  await writeFile(file, `import { registerHooks } from 'node:module'; registerHooks({ ${resolve} });`);
  const { exitCode, stderr } = await startStubRun(run, {
    env: { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` },
  });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^boot-matrix failed in a way it should not.*\n.*Cannot find module/);
});

test('a node that aborts leaves whole reports', async () => {
  const run = await prepareStubRun(['panics', 'hangs']);
  await using world = run.world;
  const harness = startStubRun(run, { env: await crashOnSignal(run, 'process.abort();') });
  await untilEvent(world, ({ type }) => type === 'cell-finished');
  harness.kill('SIGUSR2');
  expect((await harness).signal).toBe('SIGABRT');
  await untilNothingIsLeft(world);
  expect((await readSummary(world)).cells[0]).toMatchObject({ verdict: 'failed' });
  await execa('xmllint', ['--noout', join(world.out, 'junit.xml')]);
});

test('two runs into one directory are refused in one sentence, and the first goes on', async () => {
  // One that is never over, however long the others take on a busy machine.
  const { run, world, harness } = await startHalfRun({}, 'goes-on');
  await using _ = world;
  const before = await readEventLog(world);
  for (const { exitCode, stderr, stdout } of await Promise.all([
    startStubRun(run),
    startCli(world, ['--report-only']),
  ])) {
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^Expected an output directory that no other run writes to, got \S+, where process \d+ does; wait for it, or choose another with --out\.$/,
    );
  }
  expect((await readEventLog(world)).slice(0, before.length)).toEqual(before);
  harness.kill('SIGTERM');
  expect((await harness).exitCode).toBe(130);
  expect(await readSummary(world)).toMatchObject({ cells: [{ verdict: 'failed' }, { verdict: 'error' }] });
});

test('what a run left that was killed along with its guardian is swept by the next', async () => {
  const { world, harness } = await startHalfRun();
  await using _ = world;
  const [guardian] = await pidsOf(world, 'boot-matrix-guardian');
  const [machine = 0] = await pidsOf(world, '-name guest=');
  // Stopped, it does not hear that its terminal is gone.
  process.kill(machine, 'SIGSTOP');
  process.kill(guardian ?? 0, 'SIGKILL');
  harness.kill('SIGKILL');
  await harness;
  expect(await readdir(world.tmp)).toHaveLength(1);

  const next = await prepareStubRun(['panics']);
  await using other = next.world;
  const { exitCode } = await startStubRun(next, { env: { TMPDIR: world.tmp } });
  expect(exitCode).toBe(1);
  await until(() => !existsSync(`/proc/${machine}`));
  expect(await readdir(world.tmp)).toEqual([]);
  expect((await readSummary(other)).notices.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Removed what killed runs had left: machines \d+, scratch directories 1\.$/),
  );
});
