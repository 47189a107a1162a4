import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { Transcript } from '../../console/serial/transcript.ts';
import type { Machine } from '../../machine/machine.ts';
import { Vitals } from './vitals.ts';

it('tells a screen that shows nothing', async () => {
  let pixels = Buffer.alloc(12);
  const machine = {
    pid: process.pid,
    description: { arch: 'aarch64', paths: { pidFile: join(await scratchDirectory(), 'pid') } },
    cpuSeconds: () => null,
    qmp: async (execute: string, args?: Record<string, unknown>) => {
      if (execute !== 'screendump') return [];
      return writeFile(String(args?.['filename']), Buffer.concat([Buffer.from('P6\n2 2\n255\n'), pixels]));
    },
  } as unknown as Machine;
  const isBlank = async (): Promise<boolean> => {
    const vitals = new Vitals(machine, new Transcript(), () => {});
    await vitals.look(false);
    vitals.close();
    return vitals.isBlank;
  };
  expect(await isBlank()).toBe(true);
  pixels = Buffer.from('a picture of');
  expect(await isBlank()).toBe(false);
});
