import { expect, it } from 'vitest';
import type { Cell } from '../matrix/cell.ts';
import type { Verdict } from '../events.ts';
import { asKnown, knownOf } from './known.ts';
import { bootAsKnown } from './known-boot.ts';

const known = {
  cells: new Set(['qemu.x86_64.bios.disk']),
  check: 'tor',
  because: 'https://example.org/7',
  until: '2026-12-31',
};
const cell = (id: string, repeatOf?: string): Cell => ({ id, ...(repeatOf && { repeatOf }) }) as Cell;
const told = (verdict: Verdict) => ({ verdict, reason: verdict === 'passed' ? '' : 'why' });

it('is of a check in a cell, and in its repeats', () => {
  expect(knownOf([known], cell('qemu.x86_64.bios.disk'), 'tor')).toBe(known);
  expect(knownOf([known], cell('qemu.x86_64.bios.disk.2', 'qemu.x86_64.bios.disk'), 'tor')).toBe(known);
  expect(knownOf([known], cell('qemu.x86_64.bios.disk.silent'), 'tor')).toBeUndefined();
  expect(knownOf([known], cell('qemu.x86_64.bios.disk'), 'sshd')).toBeUndefined();
});

it.each(['2026-11-01', '2026-12-31'])('a failure on %s is known, with why and until when', (today) => {
  expect(asKnown(told('failed'), known, today)).toEqual({
    verdict: 'known',
    reason: 'why; known until 2026-12-31: https://example.org/7',
  });
});

it('fails again once the date is over', () => {
  expect(asKnown(told('failed'), known, '2027-01-01')).toEqual({
    verdict: 'failed',
    reason: 'why; it was known until 2026-12-31: https://example.org/7',
  });
});

it('a pass fails, so that the list stays true', () => {
  expect(asKnown(told('passed'), known, '2026-11-01')).toMatchObject({
    verdict: 'failed',
    code: 'known-passes',
    reason: expect.stringContaining('take it off the list'),
  });
});

it.each(['error', 'skipped'] as const)('what is %s stays so', (verdict) => {
  expect(asKnown(told(verdict), known, '2026-11-01')).toEqual(told(verdict));
});

it.each<[boolean, Verdict, Verdict]>([
  [false, 'failed', 'known'],
  [false, 'error', 'error'],
  [true, 'passed', 'failed'],
  [true, 'known', 'failed'],
  [true, 'failed', 'failed'],
  [true, 'error', 'error'],
])('a boot that is known to fail: got in %s and %s, so %s', (gotIn, verdict, expected) => {
  const boot = { ...known, check: 'boot', until: '9999-12-31' };
  const conclusion = { ...told(verdict), transient: false };
  const result = bootAsKnown(conclusion, { gotIn, known: [boot], cell: cell('qemu.x86_64.bios.disk') });
  expect(result.verdict).toBe(expected);
});
