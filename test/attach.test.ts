/** How a person gets to the machines of a run: the real command line, with guests that the stub plays. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attach } from './attach-client.ts';
import { readEventLog, readSummary, startCli, untilEvent, untilNothingIsLeft } from './cli.ts';
import { prepareStubRun, type StubRun, startStubRun } from './stub-run.ts';

/** No image keeps this. */
const broken = { files: { '/no/such/file': {} } };

const held = (run: StubRun, name = '') =>
  untilEvent(run.world, (event) => event.type === 'held' && event.cell.includes(name));

test('a machine whose cell did not pass is held, its console and its monitor are open, and its verdict stands', async () => {
  const run = await prepareStubRun(['boots', 'hangs'], broken);
  await using world = run.world;
  const first = 'raw.x86_64.bios.disk.guest0-boots-0';
  const running = startCli(
    world,
    ['-q', '-j', '1', '--hold-on-failure=1h', '--retries', '0', '--seed', '1', ...run.args],
    {
      env: { ...run.env, STUB_QEMU: 'boots' },
    },
  );
  const { cell } = (await held(run)) as { cell: string };
  const list = await startCli(world, ['attach']);
  expect({ ...list, stdout: list.stdout }).toMatchObject({
    exitCode: 0,
    stdout: `${cell}  held`,
    stderr: '',
  });

  // Any number may look; only those who said so are listened to.
  const looking = attach(world, [cell]);
  const typing = attach(world, [cell, '--write']);
  await looking.sees('Linux version');
  looking.type('echo not-to-be-$((6 * 8))\n');
  typing.type('echo it-is-$((6 * 7))\n');
  await typing.sees('it-is-42');
  await looking.sees('it-is-42');
  expect(looking.shown).not.toContain('not-to-be-48');
  await looking.leave();
  await typing.leave();

  // It counts as a machine that runs: the other one waits.
  const before = await readEventLog(world);
  expect(before.filter(({ type }) => type === 'cell-started')).toHaveLength(1);
  expect(before.some(({ type }) => type === 'cell-finished')).toBe(false);
  const other = cell === first ? 'guest1' : 'guest0';
  const waiting = await startCli(world, ['attach', other]);
  expect(waiting).toMatchObject({ exitCode: 2 });
  expect(waiting.stderr).toMatch(
    /has none: it waits for its turn, or for its next boot\. These have one now: /,
  );

  const monitor = attach(world, [cell, '--monitor']);
  await monitor.sees('(qemu) ');
  monitor.type('info status\n');
  await monitor.sees('info status');
  monitor.type('quit\n');
  const end = await monitor.ended;
  expect(end.exitCode).toBe(0);
  expect(end.stderr).toMatch(/Its machine has ended\.$/);
  await untilEvent(world, (event) => event.type === 'let-go' && event.because === 'ended');
  await held(run, other);
  expect(await startCli(world, ['attach', cell])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`${cell} has ended: failed. These have one now: `),
  });
  running.kill('SIGINT');
  const { exitCode, stdout } = await running;
  expect(exitCode).toBe(130);
  // A run that is quiet tells this all the same, in a block to paste.
  const block = String(stdout)
    .split('\n')
    .find((line) => line.includes(`attach ${cell} --out ${world.out} --write`));
  expect(block).toBe(`boot-matrix attach ${cell} --out ${world.out} --write`);
  expect(stdout).toContain(`HELD ${cell} did not pass (failed): files: `);
  expect(stdout).toMatch(/^VNC_PASSWORD=\$\(cat \S+\/vnc-password\) vncviewer 127\.0\.0\.1::5999$/m);
  // The password is in no report.
  const events = await readFile(join(world.out, 'events.jsonl'), 'utf8');
  expect(events.match(/vnc-password/g)).toHaveLength(2);
  const { cells } = await readSummary(world);
  expect(cells.map(({ verdict }) => verdict)).toEqual(['failed', 'failed']);
  await untilNothingIsLeft(world);
});

test('a run that is killed while it holds a machine leaves nothing, and the next one begins anew', async () => {
  const run = await prepareStubRun(['boots'], broken);
  await using world = run.world;
  const running = startCli(world, ['--hold-on-failure', ...run.args], { env: run.env });
  const { cell } = (await held(run)) as { cell: string };
  const looking = attach(world, [cell]);
  await looking.sees('Linux version');
  running.kill('SIGKILL');
  expect(await looking.ended).toMatchObject({ exitCode: 0 });
  await running;
  await untilNothingIsLeft(world);
  expect(await startCli(world, ['attach', cell])).toMatchObject({
    exitCode: 2,
    stderr: `Expected the output directory of a run that goes on, got ${world.out}, where none goes on; name another by --out.`,
  });
  const again = await startStubRun({ ...run, args: ['--hold-on-failure=1s', ...run.args] });
  expect(again.exitCode).toBe(1);
  expect(again.stdout).toMatch(/^LET GO \S+ after [\d.]+ s: its time was over$/m);
  await untilNothingIsLeft(world);
});

test('who may change a machine that is tested takes its proof away', async () => {
  const run = await prepareStubRun(['hangs']);
  await using world = run.world;
  const running = startStubRun(run);
  await untilEvent(world, (event) => event.type === 'phase' && event.phase === 'kernel');
  const monitor = attach(world, ['raw', '--monitor']);
  monitor.type('quit\n');
  await monitor.ended;
  expect(await running).toMatchObject({ exitCode: 3 });
  const { cells } = await readSummary(world);
  expect(cells[0]).toMatchObject({ verdict: 'error', code: 'attached' });
});

test('what passes, what is known and what has no machine any more is not held', async () => {
  const run = await prepareStubRun(['boots', 'exits']);
  await using world = run.world;
  const ended = await startStubRun({ ...run, args: ['--hold-on-failure', ...run.args] });
  expect(ended.exitCode).toBe(3);
  expect((await readEventLog(world)).filter(({ type }) => type === 'held')).toEqual([]);
});

test('what attach cannot do is told in a sentence', async () => {
  const run = await prepareStubRun(['boots', 'boots'], broken);
  await using world = run.world;
  const none = 'where none goes on; name another by --out.';
  expect((await startCli(world, ['attach', 'raw'])).stderr).toContain(none);
  const running = startCli(world, ['--hold-on-failure', '-j', '2', '--retries', '0', ...run.args], {
    env: run.env,
  });
  await held(run, 'guest0');
  await held(run, 'guest1');
  const told = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await startCli(world, ['attach', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    return String(stderr);
  };
  expect(await told('raw')).toMatch(
    /^Expected one machine, got 'raw', which names raw\S+, raw\S+; name one of them\.$/,
  );
  expect(await told('qemu.x86_64')).toMatch(
    /^Expected a cell of the run, got 'qemu\.x86_64'; these have a machine now: raw/,
  );
  expect(await told('a', 'b')).toContain('too many arguments. Expected 1 argument but got 2: a, b.');
  expect(await told('--wirte')).toContain("unknown option '--wirte'");
  running.kill('SIGINT');
  expect(await running).toMatchObject({ exitCode: 130 });
});
