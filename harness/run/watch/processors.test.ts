import { describe, expect, it } from 'vitest';
import {
  areHaltedForGood,
  describeSamples,
  type Processor,
  readProcessors,
  runKernel,
} from './processors.ts';

/** One processor as QEMU 7.2 prints it, shortened. */
const pc = (flags: string, halted: 0 | 1): string =>
  `CPU#0\r\nRAX=0000000000000000 RBX=0000000000000000\r\nRIP=ffffffff81e00abc RFL=${flags} [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=${halted}\r\nES =0000\r\n`;

describe('a PC', () => {
  it.each([
    ['halted with interrupts off', pc('00000046', 1), true],
    ['in 16 bits', pc('00000046', 1).replace('RIP', 'EIP').replace('RFL', 'EFL'), true],
    ['waiting for an interrupt', pc('00000246', 1), false],
    ['running', pc('00000046', 0), false],
    ['with one processor at work', pc('00000046', 1) + pc('00000246', 1), false],
    ['of another kind', 'PC=0000 X00=0\r\n', false],
  ])('%s', (_, registers, halted) => {
    expect(areHaltedForGood(readProcessors(registers))).toBe(halted);
  });
});

it('reads an ARM', () => {
  const kernel =
    '\r\nCPU#0\r\n PC=ffff8000800b1f04 X00=0000000000000000 X01=00000001\r\nX30=ffff SP=ffff800082000\r\nPSTATE=600000c5 -ZC- EL1h    FPU disabled\r\n';
  expect(readProcessors(kernel)).toEqual([
    { at: 'ffff8000800b1f04', isPrivileged: true, takesInterrupts: false, isHalted: null },
  ]);
  expect(readProcessors(kernel.replace('600000c5 -ZC- EL1h', '60000000 -ZC- EL0t'))).toEqual([
    { at: 'ffff8000800b1f04', isPrivileged: false, takesInterrupts: true, isHalted: null },
  ]);
});

describe('a person is told', () => {
  const loop: Processor = { at: 'a0', isPrivileged: true, takesInterrupts: false, isHalted: false };
  it.each([
    ['where it spins', [loop, loop], 'at a0, interrupts off'],
    [
      'what it did now and then',
      [loop, { ...loop, at: 'a4', takesInterrupts: true }],
      'at a0, a4, interrupts off in 1 of 2 looks',
    ],
    ['that it sleeps', [{ ...loop, takesInterrupts: true, isHalted: true }], 'at a0, halted'],
    ['that a program runs', [{ ...loop, takesInterrupts: true, isPrivileged: false }], 'at a0, in user mode'],
    [
      'of some places',
      Array.from('abcde', (at) => ({ ...loop, at })),
      'at a, b, c, d and elsewhere, interrupts off',
    ],
  ])('%s', (_, samples, told) => {
    expect(describeSamples(samples)).toBe(told);
  });
});

it.each([
  ['EIP=00007c15 EFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1', false],
  ['RIP=000000007d4c1a20 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0', false],
  ['EIP=fffffff0 EFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0', false],
  ['RIP=ffffffff81c0f2d0 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1', true],
  ['RIP=00007f3a1c0f2d00 RFL=00000246 [---Z-P-] CPL=3 II=0 A20=1 SMM=0 HLT=0', true],
  ['EIP=c1000f20 EFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0', true],
  [' PC=ffff800080012345 X00=0\n PSTATE=600000c5 -ZC- EL1h', true],
  [' PC=000000013f5a1234 X00=0\n PSTATE=600000c5 -ZC- EL2h', false],
  ['', null],
])('%j: a kernel runs there: %s', (registers, runs) => {
  expect(runKernel(readProcessors(registers))).toBe(runs);
});
