import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { seededRandom } from '../harness/console/testing/random.ts';
import type { RunEvent } from '../harness/events.ts';
import { readEventLog, readSummary, untilEvent, untilNothingIsLeft } from './cli.ts';
import { checkJunitFile } from './junit-schema.ts';
import { prepareStubRun, startStubRun } from './stub-run.ts';

/** The moments of a cell's life, by the event that begins each. */
const moments: Record<string, (event: RunEvent) => boolean> = {
  'while it is prepared': ({ type }) => type === 'digests',
  'at power-on': ({ type }) => type === 'cell-started',
  'while it boots': (event) => event.type === 'phase' && event.phase === 'kernel',
  'while it is logged in': (event) => event.type === 'phase' && event.phase === 'login',
  'while it is checked': (event) => event.type === 'check-started' && event.check === 'autologin',
  'while it is torn down': (event) => event.type === 'check-finished' && event.result.name === 'keyboard',
};
// The last check done, its QEMU takes a second to go: long enough to be there.
const guest = 'boots-and-stays';

test.concurrent.each(Object.entries(moments))(
  'the harness is killed %s: nothing is left',
  async (_, moment) => {
    const run = await prepareStubRun([guest]);
    await using world = run.world;
    const harness = startStubRun(run);
    await untilEvent(world, moment);
    harness.kill('SIGKILL');
    await harness;
    await untilNothingIsLeft(world);
    expect((await readEventLog(world)).some(moment), 'what was seen is in the event log').toBe(true);
  },
);

test.concurrent.each(Object.entries(moments))(
  'the harness is interrupted %s: exit code 130, whole reports, nothing left',
  async (_, moment) => {
    const run = await prepareStubRun([guest, 'panics']);
    await using world = run.world;
    const isOfTheFirst = (event: RunEvent): boolean =>
      moment(event) && (!('cell' in event) || event.cell.includes(guest));
    const harness = startStubRun(run);
    await untilEvent(world, isOfTheFirst);
    harness.kill('SIGINT');
    const { exitCode, stderr } = await harness;
    expect(exitCode, String(stderr)).toBe(130);
    const { cells, interrupted } = await readSummary(world);
    expect(interrupted).toBe(true);
    expect(cells).toHaveLength(2);
    await checkJunitFile(join(world.out, 'junit.xml'));
    // What had come to its end is told, and nothing is made up of what had not.
    const ended = (await readEventLog(world)).filter((event) => event.type === 'cell-finished');
    for (const { cell, verdict } of ended) expect(cells.find(({ id }) => id === cell)?.verdict).toBe(verdict);
    for (const { id, verdict, reason } of cells) {
      if (id.includes(guest) && verdict !== 'passed') expect(reason, id).toMatch(/interrupted/i);
      if (id.includes(guest)) expect(verdict).not.toBe('failed');
    }
    await untilNothingIsLeft(world);
  },
);

test.concurrent('an interrupted cell keeps its last picture, its log and how to boot it', async () => {
  const run = await prepareStubRun(['hangs']);
  await using world = run.world;
  const harness = startStubRun(run);
  await untilEvent(world, (event) => event.type === 'phase' && event.phase === 'kernel');
  harness.kill('SIGINT');
  expect((await harness).exitCode).toBe(130);
  const kept = (await readEventLog(world)).flatMap((event) =>
    event.type === 'attachment' ? [event.path] : [],
  );
  const [cell] = (await readSummary(world)).cells;
  const cheap = ['screen.png', 'serial.log', 'qemu.sh'].map((name) => join('cells', cell?.id ?? '', name));
  expect(kept).toEqual(expect.arrayContaining(cheap));
  for (const path of cheap) expect((await stat(join(world.out, path))).size).toBeGreaterThan(0);
  await untilNothingIsLeft(world);
});

test('a signal that comes twice at once, as timeout(1) and pnpm hand it on, is one: the reports are whole', async () => {
  const run = await prepareStubRun([guest]);
  await using world = run.world;
  const harness = startStubRun(run);
  await untilEvent(world, ({ type }) => type === 'access');
  for (let time = 0; time < 3; time++) {
    harness.kill('SIGTERM');
    await sleep(20);
  }
  expect((await harness).exitCode).toBe(130);
  expect((await readSummary(world)).interrupted).toBe(true);
  await untilNothingIsLeft(world);
});

test('the harness is killed at any moment: nothing is left, and no half report', async () => {
  const next = seededRandom(7);
  for (let time = 0; time < 5; time++) {
    const run = await prepareStubRun(['boots', 'panics']);
    await using world = run.world;
    const harness = startStubRun(run);
    await sleep(next() * 2500);
    harness.kill('SIGKILL');
    await harness;
    await untilNothingIsLeft(world);
    const files: string[] = await readdir(world.out).catch(() => []);
    if (files.includes('junit.xml')) await checkJunitFile(join(world.out, 'junit.xml'));
    if (files.includes('summary.json')) await readSummary(world);
  }
});
