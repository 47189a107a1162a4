import { expect, test } from 'vitest';
import { readEventLog, untilNothingIsLeft } from './cli.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

test('a guest whose own clock ran out among other machines is not blamed, and tried again with none beside it', async () => {
  const run = await prepareStubRun(['starves-then-boots', 'boots', 'boots']);
  await using world = run.world;
  run.args.push('--retries', '1', '-j', '2');
  const { exitCode, stdout } = await startStubRun(run);
  expect(exitCode, String(stdout)).toBe(0);
  const cells = await cellsByBehaviour(run);
  expect(cells['starves-then-boots']).toMatchObject({
    verdict: 'flaky',
    earlier: [
      {
        verdict: 'error',
        code: 'host-too-busy',
        reason: expect.stringMatching(
          /^initrd: emergency shell, waiting for .*; but (?:of the \d+ s|for \d+ of \d+ s) .*, and its clock went on$/,
        ),
      },
    ],
  });
  const told = (await readEventLog(world)).flatMap((event) =>
    event.type === 'cell-started' || event.type === 'cell-finished'
      ? [`${event.type} ${event.cell.includes('starves') ? 'starved' : 'other'}`]
      : [],
  );
  expect(told.slice(-2)).toEqual(['cell-started starved', 'cell-finished starved']);
  await untilNothingIsLeft(world);
});
