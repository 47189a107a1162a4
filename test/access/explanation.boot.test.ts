import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEventLog } from '../cli.ts';
import { behind, cpio } from '../defects/make/cpio.ts';
import { disk } from '../defects/make/disk.ts';
import { type MadeImagesRun, judgeMadeImages } from '../made-images.ts';
import { closedContract, silent } from './shut.ts';

const id = 'qemu.x86_64.bios.disk';

/**
 * Its first program ends, the kernel panics and starts again. Of that nothing is seen: the kernel speaks to a console that
 * the machine does not have. Not an absent ttyS1: Linux would then take no other serial port either (kernel/printk/printk.c,
 * try_enable_preferred_console).
 */
const mutePanics = disk('qemu', {
  root: [
    silent('console=hvc0 panic=1'),
    {
      path: '/boot/initrd',
      change: behind(
        cpio([{ path: 'init', content: Buffer.from('#!/usr/bin/sh\nexit 3\n'), executable: true }]),
      ),
    },
  ],
});

describe('an image that fails without a word', () => {
  let run: MadeImagesRun;

  beforeAll(async () => {
    run = await judgeMadeImages({ images: { mute: mutePanics }, contract: closedContract });
  });
  afterAll(() => run.world[Symbol.asyncDispose]());

  test('is booted once more, and says by its boot menu why', async () => {
    expect(run.exitCode).toBe(1);
    expect(run.summary.cells).toMatchObject([
      {
        id,
        verdict: 'failed',
        code: 'reboot-loop',
        reason: expect.stringMatching(/^the machine resets itself/),
      },
    ]);
    const told = (await readEventLog(run.world)).filter(({ type }) => type === 'explanation');
    expect(told).toMatchObject([
      {
        rung: 'menu',
        outcome: 'explained',
        phase: 'initrd',
        sentence: expect.stringMatching(/^explained by a second boot, .*panic.*: Attempted to kill init!/),
      },
    ]);
    const log = join(run.world.out, 'cells', id, 'explanation', 'serial.log');
    expect(await readFile(log, 'utf8')).toContain('Attempted to kill init!');
  });
});
