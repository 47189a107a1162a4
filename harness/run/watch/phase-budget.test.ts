import { expect, it } from 'vitest';
import { PhaseBudget } from './phase-budget.ts';

/** Seconds until it runs out, in steps of two. */
const lasts = (budget: number, still: number): number => {
  const phase = new PhaseBudget(budget);
  for (let seconds = 2; ; seconds += 2) if (phase.spend(2, still)) return seconds;
};

it('ends with its budget where nothing gets on', () => {
  expect(lasts(100, Infinity)).toBe(100);
  expect(lasts(100, 25)).toBe(100);
});

it('lasts twice as long where something gets on, and no longer', () => {
  expect(lasts(100, 0)).toBe(200);
});
