import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSummary, untilNothingIsLeft } from './cli.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

test.concurrent('a guest that waits for a person, and one that is no system, are told within a minute', async () => {
  const run = await prepareStubRun([
    'waits-for-a-passphrase',
    'asks-before-it-erases',
    'menu-waits',
    'runs-memtest',
  ]);
  await using world = run.world;
  const { exitCode, stdout } = await startStubRun(run);
  expect(exitCode, String(stdout)).toBe(1);
  const cells = await cellsByBehaviour(run);
  expect(cells['waits-for-a-passphrase']).toMatchObject({
    verdict: 'failed',
    code: 'waits-for-a-person',
    phase: 'initrd',
    reason: expect.stringMatching(
      /^stuck in phase initrd: it waits for a passphrase: "Please enter passphrase for disk stub \(root\)/,
    ),
  });
  expect(cells['asks-before-it-erases']).toMatchObject({
    code: 'waits-for-a-person',
    phase: 'userspace',
    reason: expect.stringMatching(/it asks a person: "Erase the whole disk\? \[Y\/n\]"$/),
  });
  const log = join(world.out, 'cells', cells['asks-before-it-erases']?.id ?? '', 'serial.log');
  expect(await readFile(log, 'utf8'), 'nothing was answered').not.toContain('erased');
  expect(cells['menu-waits']).toMatchObject({
    verdict: 'failed',
    code: 'boot-menu-waits',
    phase: 'bootloader',
    reason: expect.stringMatching(/^the boot menu of GRUB waits for a person: it has no time-out/),
  });
  expect(cells['runs-memtest']).toMatchObject({
    verdict: 'failed',
    code: 'no-system',
    reason: expect.stringMatching(/^Memtest86\+ runs in the place of a system: no kernel was started/),
  });
  for (const { seconds } of Object.values(cells)) expect(seconds).toBeLessThan(60);
  await untilNothingIsLeft(world);
});

test.concurrent('where the contract lets a boot menu wait, Enter is pressed, it is said, and the boot goes on', async () => {
  const run = await prepareStubRun(['menu-waits'], { bootMenu: { waits: { default: true } } });
  await using world = run.world;
  const { exitCode, stdout } = await startStubRun(run);
  expect(exitCode, String(stdout)).toBe(0);
  expect((await readSummary(world)).notices.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(
      /its boot menu of GRUB waits for a person, as its contract allows: Enter was pressed/,
    ),
  );
  await untilNothingIsLeft(world);
});

test.concurrent('nothing is typed into a boot menu, although the image promises a shell on the screen', async () => {
  const run = await prepareStubRun(['menu-counts'], {
    autologin: { screen: userInfo().username, serial: {} },
    keyboard: { layout: 'us', variant: '' },
  });
  await using world = run.world;
  await startStubRun(run);
  // A key would have stopped it for good.
  const { 'menu-counts': cell } = await cellsByBehaviour(run);
  expect(cell).toMatchObject({ phase: 'shell', access: 'serial' });
  await untilNothingIsLeft(world);
});
