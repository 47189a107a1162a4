/** Reports that are asked for by name, from the real command line. */
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEventLog } from './cli.ts';
import { prepareStubRun, startStubRun } from './stub-run.ts';

test('further reports lie where they are asked for, and a run on GitHub says there what did not pass', async () => {
  const run = await prepareStubRun(['panics']);
  await using world = run.world;
  const step = join(world.path, 'step.md');
  const xml = join(world.path, 'ci', 'boot.xml');
  const { exitCode, stdout } = await startStubRun(
    {
      ...run,
      args: [
        '--reporter',
        'tap',
        '--reporter',
        `junit=${xml}`,
        '--reporter',
        'plain',
        '--html',
        'single',
        ...run.args,
      ],
    },
    { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: step } },
  );
  expect(exitCode).toBe(1);
  expect((await readdir(world.out)).toSorted()).toEqual([
    'attestation.json',
    'cells',
    'contract.json',
    'events.jsonl',
    'index.html',
    'junit.xml',
    'report.tap',
    'summary.json',
  ]);
  expect(await readFile(xml, 'utf8')).toBe(await readFile(join(world.out, 'junit.xml'), 'utf8'));
  expect(await readFile(join(world.out, 'report.tap'), 'utf8')).toMatch(
    /^not ok 1 - raw\.x86_64\.bios\.disk$/m,
  );
  expect(String(stdout)).toMatch(/^::error title=raw\.x86_64\.bios\.disk failed in kernel::kernel panic/m);
  expect(await readFile(step, 'utf8')).toMatch(
    /^\| ❌ \| raw\\\.x86\\_64\\\.bios\\\.disk \| kernel \| kernel panic/m,
  );
  // The picture is in the page, and so is what the console said.
  const page = await readFile(join(world.out, 'index.html'), 'utf8');
  expect(page).toContain('src="data:image/png;base64,');
  expect(page).toMatch(/<mark class="reason">.*Kernel panic/);
});

test('the console is recorded whole, from power-on, and the report is told when that began', async () => {
  const run = await prepareStubRun(['panics']);
  await using world = run.world;
  await startStubRun(run);
  const events = await readEventLog(world);
  const recording = events.find(
    (event) => event.type === 'attachment' && event.path.endsWith('console.cast'),
  );
  if (recording?.type !== 'attachment') throw new Error('the report was told of no recording');
  const lines = (await readFile(join(world.out, recording.path), 'utf8')).trimEnd().split('\n');
  const said = lines.slice(1).map((line) => (JSON.parse(line) as [number, string, string])[2]);
  const log = await readFile(join(world.out, recording.path.replace('console.cast', 'serial.log')), 'utf8');
  expect(log).toContain('Kernel panic');
  expect(said.join('')).toBe(log);
});

test('a report that cannot be written is told, the others are there, and the exit code says so', async () => {
  const run = await prepareStubRun(['panics']);
  await using world = run.world;
  const taken = join(world.path, 'taken.xml');
  await mkdir(taken);
  const { exitCode, stderr } = await startStubRun({
    ...run,
    args: ['--reporter', `junit=${taken}`, ...run.args],
  });
  expect(exitCode).toBe(3);
  expect(stderr).toContain(`${taken} could not be written: `);
  expect(await readdir(world.out)).toContain('index.html');
});
