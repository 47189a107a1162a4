import { expect, it } from 'vitest';
import { phases } from '../events.ts';
import { goingDownBudgetSeconds, phaseBudgetSeconds, stillBudgetSeconds } from './budgets.ts';

it("grow with the machine's slowness, and never below what guests wait for by the clock", () => {
  for (const phase of phases) {
    expect(phaseBudgetSeconds(phase, 2)).toBe(2 * phaseBudgetSeconds(phase, 1));
    expect(phaseBudgetSeconds(phase, 0.1)).toBeLessThan(phaseBudgetSeconds(phase, 1));
  }
  // systemd: DefaultTimeoutStartSec=90s, systemd-networkd-wait-online 120 s.
  expect(phaseBudgetSeconds('initrd', 0.1)).toBeGreaterThan(90);
  expect(phaseBudgetSeconds('userspace', 0.1)).toBeGreaterThan(120);
  expect(stillBudgetSeconds(0.1)).toBeGreaterThan(120);
});

it('are those of a config where it gives some, and never less on a fast machine', () => {
  const own = { userspace: 900, goingDown: 10 };
  expect(phaseBudgetSeconds('userspace', 2, true, own)).toBe(1800);
  expect(phaseBudgetSeconds('userspace', 0.1, true, own)).toBe(900);
  expect(phaseBudgetSeconds('kernel', 1, true, own)).toBe(phaseBudgetSeconds('kernel', 1));
  // What was not seen on serial may be any phase.
  expect(phaseBudgetSeconds('kernel', 1, false, { kernel: 1 })).toBe(phaseBudgetSeconds('kernel', 1, false));
  expect(phaseBudgetSeconds('userspace', 1, false, own)).toBe(900);
  expect(stillBudgetSeconds(1, 'userspace', own)).toBe(900);
  expect(stillBudgetSeconds(1, 'kernel', { kernel: 1 })).toBe(stillBudgetSeconds(1));
  expect(goingDownBudgetSeconds(1, own)).toBe(10);
});

it('are the longest for phases that only the screen told: the next may not be told at all', () => {
  for (const phase of phases) {
    expect(phaseBudgetSeconds(phase, 1, false)).toBe(phaseBudgetSeconds('firmware', 1));
  }
});
