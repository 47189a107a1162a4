/** What `bundle` packs of a cell, of a run of the real command line with guests that the stub plays. */
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readEventLog, startCli, untilEvent } from './cli.ts';
import { prepareStubRun, startStubRun } from './stub-run.ts';

test('a bundle is the report of one cell, with its files and the contract, and can be reported again', async () => {
  const run = await prepareStubRun(['boots', 'panics']);
  await using world = run.world;
  expect(await startStubRun(run)).toMatchObject({ exitCode: 1 });
  const file = join(world.path, 'for-you.tar.gz');
  const packed = await startCli(world, ['bundle', 'panics', '--to', file]);
  expect({ exitCode: packed.exitCode, stderr: packed.stderr }).toEqual({ exitCode: 0, stderr: '' });
  const image = join(world.path, 'guest1-panics-1.img');
  expect(packed.stdout).toMatch(new RegExp(`^${file}: \\d+ KiB, without the image ${image}$`));

  const elsewhere = join(world.path, 'elsewhere');
  await mkdir(elsewhere);
  await execa('tar', ['-xzf', file, '-C', elsewhere]);
  const id = 'raw.x86_64.bios.disk.guest1-panics-1';
  expect(await readdir(elsewhere)).toEqual([id]);
  const out = join(elsewhere, id);
  expect((await readdir(out)).sort()).toEqual(
    [
      'attestation.json',
      'cells',
      'contract.json',
      'events.jsonl',
      'index.html',
      'junit.xml',
      'summary.json',
    ].sort(),
  );
  expect(await readdir(join(out, 'cells'))).toEqual([id]);
  expect(await readdir(join(out, 'cells', id))).toEqual(
    expect.arrayContaining(['console.cast', 'qemu.sh', 'screen.png', 'serial.log']),
  );
  const whole = await readFile(join(world.out, 'cells', id, 'serial.log'));
  expect(await readFile(join(out, 'cells', id, 'serial.log'))).toEqual(whole);

  // Whoever gets it can make of it what can be made of a report.
  const summary = await readFile(join(out, 'summary.json'), 'utf8');
  expect(JSON.parse(summary)).toMatchObject({ cells: [{ id, verdict: 'failed', code: 'kernel-panic' }] });
  const there = { ...world, out };
  expect(await startCli(there, ['report'])).toMatchObject({ exitCode: 1 });
  expect(await readFile(join(out, 'summary.json'), 'utf8')).toBe(summary);
  // The contract is one that a run takes.
  const { stdout } = await startCli(there, [
    '--list',
    '--contract',
    join(out, 'contract.json'),
    '--images',
    image,
  ]);
  expect(stdout).toBe('raw.x86_64.bios.disk');
});

test('what cannot be bundled is told in a sentence, and nothing is written', async () => {
  const run = await prepareStubRun(['hangs', 'hangs']);
  await using world = run.world;
  const refused = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await startCli(world, ['bundle', ...args], { cwd: world.path });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    return String(stderr);
  };
  expect(await refused('raw')).toMatch(/events\.jsonl could not be read: ENOENT/);
  const running = startStubRun(run);
  await untilEvent(world, ({ type }) => type === 'phase');
  expect(await refused('raw')).toContain('Expected an output directory that no other run writes to');
  running.kill('SIGINT');
  await running;
  expect((await readEventLog(world)).length).toBeGreaterThan(0);
  expect(await refused('raw')).toMatch(
    /^Expected one cell of the run, got 'raw', which names raw\S+, raw\S+; name one of raw/,
  );
  expect(await refused('iso')).toMatch(
    /^Expected one cell of the run, got 'iso', which is none; name one of raw/,
  );
  expect((await readdir(world.path)).filter((name) => name.includes('.tar'))).toEqual([]);
});
