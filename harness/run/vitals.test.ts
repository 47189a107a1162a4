import { describe, expect, it } from 'vitest';
import { isHaltedForGood } from './vitals.ts';

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
