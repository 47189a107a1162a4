import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchDirectory } from '../../test/scratch.ts';
import { Transcript } from '../console/transcript.ts';
import type { Machine } from '../machine/machine.ts';
import { isHaltedForGood, Vitals } from './vitals.ts';

/** One processor as QEMU 7.2 prints it, shortened. */
const processor = (flags: string, halted: 0 | 1): string =>
  `CPU#0\r\nRIP=ffffffff81e00abc RFL=${flags} [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=${halted}\r\nES =0000\r\n`;

describe('a PC', () => {
  it.each([
    ['halted with interrupts off', processor('00000046', 1), true],
    ['in 16 bits', processor('00000046', 1).replace('RFL', 'EFL'), true],
    ['waiting for an interrupt', processor('00000246', 1), false],
    ['running', processor('00000046', 0), false],
    ['with one processor at work', processor('00000046', 1) + processor('00000246', 1), false],
    ['of another kind', 'PC=0000 X00=0\r\n', false],
  ])('%s', (_, registers, halted) => {
    expect(isHaltedForGood(registers)).toBe(halted);
  });
});

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
