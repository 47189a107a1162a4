import { expect, test } from 'vitest';
import { readHostTicks, stolenSeconds } from './steal.ts';

test.each([
  // A virtual machine of a cloud; guests' time is in user's.
  [
    'cpu  1802222 156066 547352 394784 2028 7 3136 6559 500 0\ncpu0 1 1 1\n',
    { wanted: 2515342, stolen: 6559 },
  ],
  // Linux before 2.6.11 has no steal.
  ['cpu  10 0 5 900 3 0 0\n', { wanted: 15, stolen: 0 }],
  ['', { wanted: 0, stolen: 0 }],
])('%j', (stat, ticks) => {
  expect(readHostTicks(stat)).toEqual(ticks);
});

const before = { wanted: 1000, stolen: 100 };
const after = (stolen: number) => ({ wanted: 2000, stolen: 100 + stolen });

test.each([
  ['a host of its own', { seconds: 10, ran: 9, waited: 1 }, 0, 0],
  ['half was stolen, and counts as run', { seconds: 10, ran: 10, waited: 0 }, 500, 5],
  ['half was stolen, and was taken out', { seconds: 10, ran: 5, waited: 0 }, 500, 5],
  ['a quarter of it waited besides', { seconds: 20, ran: 10, waited: 5 }, 250, 10 / 3],
  ['nine tenths were stolen, and were taken out', { seconds: 100, ran: 10, waited: 0 }, 900, 90],
  ['a thread that slept', { seconds: 100, ran: 0, waited: 0 }, 900, 0],
  ['a thread that slept where all was stolen', { seconds: 100, ran: 0, waited: 0 }, 1000, 0],
])('%s', (_, turn, stolen, seconds) => {
  expect(stolenSeconds(turn, before, after(stolen))).toBeCloseTo(seconds, 9);
});

test('a counter that went back, and one that did not move, tell nothing', () => {
  const turn = { seconds: 10, ran: 10, waited: 0 };
  expect(stolenSeconds(turn, before, { wanted: 2000, stolen: 90 })).toBe(0);
  expect(stolenSeconds(turn, before, before)).toBe(0);
});
