import { expect, it } from 'vitest';
import { Patience } from './patience.ts';

/** Seconds by the clock until it runs out, in steps of two. */
const lasts = (budget: number, { starved = 0, still = Infinity } = {}): number => {
  const patience = new Patience(budget);
  for (let seconds = 2; ; seconds += 2) if (patience.spend(2, starved, still)) return seconds;
};

it('ends with its budget where nothing gets on', () => {
  expect(lasts(100)).toBe(100);
  expect(lasts(100, { still: 25 })).toBe(100);
});

it('lasts twice as long where something gets on, and no longer', () => {
  expect(lasts(100, { still: 0 })).toBe(200);
});

it('does not count the time for which the host gave no processor, within a bound', () => {
  expect(lasts(100, { starved: 1 })).toBe(200);
  expect(lasts(100, { starved: 2 })).toBe(400);
  expect(lasts(100, { starved: 2, still: 0 })).toBe(800);
});
