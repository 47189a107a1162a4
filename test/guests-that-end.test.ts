import { expect, test } from 'vitest';
import { readEventLog, untilNothingIsLeft } from './cli.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

const failed = {
  'panics-in-silence': /^the guest reported a kernel panic \(pvpanic\) in phase kernel$/,
  'watchdog-bites':
    /^the guest's watchdog ran out: the guest hung in phase kernel; seen before: the kernel reported BUG: soft/,
  'image-is-corrupt': /^the image is corrupt: L2 table offset unaligned$/,
  'halts-for-good': /^stuck in phase kernel: its processor is halted for good$/,
  'login-loops':
    /^login loops: \S+ was logged in by itself again and again, and no shell stayed, no shell: Permission denied$/,
  'powers-off': /^the guest powered itself off in phase kernel$/,
  reboots: /^the machine resets itself in phase \w+ \(3 times\)$/,
};
const error = {
  'stopped-by-qemu': /^QEMU or the accelerator met an internal error/,
  'emulation-fails':
    /^the emulated processor had flags that no processor can have, EFLAGS: c103aa62: QEMU's fault/,
};
const passed = { 'reboots-once': /^$/ };

test('each end has its own name, and a reboot alone is none', async () => {
  const run = await prepareStubRun(Object.keys({ ...failed, ...error, ...passed }));
  await using world = run.world;
  const { exitCode, stdout } = await startStubRun(run);
  expect(exitCode, String(stdout)).toBe(1);
  const cells = await cellsByBehaviour(run);
  for (const [verdict, reasons] of Object.entries({ failed, error, passed })) {
    for (const [behaviour, reason] of Object.entries(reasons)) {
      expect(cells[behaviour], behaviour).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    }
  }
  // Only those that did not get on by themselves: the others said why.
  const registers = (await readEventLog(world)).filter(
    (event) => event.type === 'attachment' && event.name === 'registers',
  );
  expect(registers).toMatchObject([
    { cell: cells['halts-for-good']?.id, shows: 'at 00007c15, halted, interrupts off' },
  ]);
  await untilNothingIsLeft(world);
});
