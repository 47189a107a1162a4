import { appendFile, copyFile, rename, rm, truncate, utimes } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { untilEvent, untilNothingIsLeft } from './cli.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

/** What becomes of each guest's image while it runs, and what must be said of its cell. */
const changes = {
  boots: {
    change: (path: string) => rm(path),
    verdict: 'error',
    reason: /^the image .*boots.* was removed while it was tested$/,
  },
  panics: {
    change: (path: string) => truncate(path, 512),
    verdict: 'error',
    reason: /^the image .*panics.* has changed while it was tested$/,
  },
  'asks-for-login': {
    change: (path: string) => appendFile(path, 'more'),
    verdict: 'error',
    reason: /^the image .*asks-for-login.* has changed while it was tested$/,
  },
  'prompts-forever': {
    change: async (path: string) => {
      await copyFile(path, `${path}.new`);
      await appendFile(`${path}.new`, 'more');
      await rename(`${path}.new`, path);
    },
    verdict: 'error',
    reason: /^the image .*prompts-forever.* has changed while it was tested$/,
  },
  // Looks as if it had been written to, and holds what it held.
  'powers-off': {
    change: (path: string) => utimes(path, 0, 0),
    verdict: 'failed',
    reason: /powered (?:itself )?off/,
  },
};

test.concurrent('an image that is removed, cut, written to or replaced while it runs: error, and the guest is not blamed', async () => {
  const run = await prepareStubRun(Object.keys(changes));
  await using world = run.world;
  const harness = startStubRun(run);
  for (const [behaviour, { change }] of Object.entries(changes)) {
    await untilEvent(world, (event) => event.type === 'cell-started' && event.cell.includes(behaviour));
    await change(run.images[behaviour] ?? '');
  }
  const { exitCode, stdout, stderr } = await harness;
  expect(exitCode, String(stderr)).toBe(1);
  const cells = await cellsByBehaviour(run);
  for (const [behaviour, { verdict, reason }] of Object.entries(changes)) {
    expect(cells[behaviour], behaviour).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
  }
  expect(stdout).toMatch(/Let nothing move, replace or write to images/);
  await untilNothingIsLeft(world);
});

test.concurrent('an image that goes before its cell begins: error, and what to do', async () => {
  const run = await prepareStubRun(['boots', 'panics']);
  await using world = run.world;
  const args = ['-j', '1', ...run.args];
  const harness = startStubRun({ ...run, args });
  const first = await untilEvent(world, (event) => event.type === 'cell-started');
  const other = 'cell' in first && first.cell.includes('boots') ? 'panics' : 'boots';
  await rm(run.images[other] ?? '');
  await harness;
  const cells = await cellsByBehaviour(run);
  expect(cells[other]).toMatchObject({ verdict: 'error', reason: expect.stringContaining('was removed') });
  await untilNothingIsLeft(world);
});
