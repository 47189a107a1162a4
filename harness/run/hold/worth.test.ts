import { expect, test } from 'vitest';
import { GuestError, HostError } from '../../errors.ts';
import type { Cell } from '../../matrix/cell.ts';
import { NoWayIn } from '../access/no-way-in.ts';
import type { Conclusion } from '../verdict.ts';
import { type End, worthHolding } from './worth.ts';

const cell = { id: 'qemu.x86_64.bios.disk' } as Cell;
const known = { cells: new Set([cell.id]), because: 'https://example.org/1', until: '9999-12-31' };
const worth = (end: End<Conclusion>, more: Partial<Parameters<typeof worthHolding>[1]> = {}) =>
  worthHolding(end, { cell, known: [], gotIn: true, rungs: ['shipped', 'kernel'], rung: 'shipped', ...more })
    ?.verdict;
const ended = (verdict: Conclusion['verdict'], transient = false): End<Conclusion> => ({
  value: { verdict, reason: 'because', transient },
});

test('what did not pass is held, once neither another attempt nor another boot follows', () => {
  expect(worth(ended('failed'))).toBe('failed');
  expect(worth(ended('error'))).toBe('error');
  for (const verdict of ['passed', 'known', 'flaky', 'skipped'] as const)
    expect(worth(ended(verdict))).toBe(undefined);
  expect(worth(ended('error', true))).toBe(undefined);
  expect(worth({ error: new HostError('qemu-died', 'it died', { transient: true }) })).toBe(undefined);
  expect(worth({ error: new HostError('ipxe-not-run', 'it is booted in another way') })).toBe(undefined);
});

test('of a guest that lets nobody in the last machine is held, or the first where no other boot would help', () => {
  const shut = { error: new NoWayIn('serial', ['nobody'], '') };
  const panic = { error: new GuestError('kernel-panic', 'panic') };
  expect(worth(shut, { gotIn: false })).toBe(undefined);
  expect(worth(shut, { gotIn: false, rung: 'kernel' })).toBe('failed');
  expect(worth(shut, { gotIn: false, rungs: ['shipped'] })).toBe('failed');
  expect(worth(panic, { gotIn: false })).toBe('failed');
});

test('a failure that is known is not held', () => {
  const panic = { error: new GuestError('kernel-panic', 'panic') };
  expect(worth(panic, { gotIn: false, known: [{ ...known, check: 'boot' }] })).toBe(undefined);
  expect(worth(panic, { gotIn: false, known: [{ ...known, check: 'sshd' }] })).toBe('failed');
});
