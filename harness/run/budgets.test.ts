import { expect, it } from 'vitest';
import { phases } from '../events.ts';
import { phaseBudgetSeconds, stillBudgetSeconds } from './budgets.ts';

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

it('are the longest for phases that only the screen told: the next may not be told at all', () => {
  for (const phase of phases) {
    expect(phaseBudgetSeconds(phase, 1, false)).toBe(phaseBudgetSeconds('firmware', 1));
  }
});
