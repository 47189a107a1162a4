import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../harness/console/testing/random.ts';
import { readSummary, untilNothingIsLeft } from './cli.ts';
import { checkJunitFile } from './junit-schema.ts';
import { stutter } from './stutter.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

/** Bytes that a guest of the stub says on its way to the last check, at least. */
const wholeBoot = 9000;

/** Signals at moments that are any, and the same in each run of the tests. */
function randomDeaths(seed: number, signals: readonly string[]): string[] {
  const next = seededRandom(seed);
  return signals.map((signal) => `${signal}-${Math.floor(next() * wholeBoot)}`);
}

test.concurrent('a QEMU that is killed, whenever and by whatever: error, never the guest, nothing left', async () => {
  const signals = ['sigkill', 'sigkill', 'sigkill', 'sigterm', 'sigterm', 'sigsegv', 'sigsegv', 'sigabrt'];
  const run = await prepareStubRun(randomDeaths(1, signals));
  await using world = run.world;
  const { exitCode, stderr } = await startStubRun(run);
  expect(exitCode, String(stderr)).toBe(3);
  const cells = await cellsByBehaviour(run);
  const numbers: Record<string, string> = { sigkill: '9', sigterm: '15', sigsegv: '11', sigabrt: '6' };
  for (const [death, cell] of Object.entries(cells)) {
    const number = numbers[death.split('-')[0] ?? ''];
    expect(cell, death).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining(`QEMU was killed by signal ${number}`),
    });
  }
  await checkJunitFile(join(world.out, 'junit.xml'));
  await untilNothingIsLeft(world);
});

const hangs = {
  'sigstop-300': /QEMU was stopped \(SIGSTOP/,
  'sigstop-5000': /QEMU was stopped \(SIGSTOP/,
  'never-connects': /its monitor has not answered for \d+ s/,
  'never-answers': /its monitor has not answered for \d+ s/,
  'loses-monitor': /monitor connection ended/,
  'disk-full': /I\/O error on the guest's disk/,
};

test.concurrent('a QEMU that is stopped, hangs, loses its monitor or its disk: error, with what it was, nothing left', async () => {
  const run = await prepareStubRun(Object.keys(hangs));
  await using world = run.world;
  const { exitCode, stderr } = await startStubRun(run);
  expect(exitCode, String(stderr)).toBe(3);
  const cells = await cellsByBehaviour(run);
  for (const [behaviour, reason] of Object.entries(hangs)) {
    expect(cells[behaviour], behaviour).toMatchObject({
      verdict: 'error',
      reason: expect.stringMatching(reason),
    });
  }
  await checkJunitFile(join(world.out, 'junit.xml'));
  await untilNothingIsLeft(world);
});

test.concurrent('a QEMU that is held again and again for a moment passes', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const harness = startStubRun(run);
  const end = stutter(world, 1);
  const { exitCode, stderr } = await harness;
  const times = await end();
  expect(exitCode, String(stderr)).toBe(0);
  expect(times).toBeGreaterThan(2);
  expect((await readSummary(world)).cells).toMatchObject([{ verdict: 'passed' }]);
});
