import { expect, test } from 'vitest';
import { Crowd } from './crowd.ts';

/** The sizes of a crowd whose machines fare so, one after the other, each among as many as there are then. */
function sizes(most: number, ...starved: (number | null)[]): number[] {
  const crowd = new Crowd(most);
  return starved.map((share) => {
    crowd.add({ machines: crowd.size, starved: share });
    return crowd.size;
  });
}

test('a crowd is halved where its machines starve each other, down to one', () => {
  expect(sizes(8, 0.5, 0.7, 0.9, 0.9)).toEqual([4, 2, 1, 1]);
  expect(sizes(3, 0.5)).toEqual([2]);
});

test('it grows by one where they have what they want, up to what was asked for', () => {
  expect(sizes(3, 0.6, 0.6, 0.1, 0, 0)).toEqual([2, 1, 2, 3, 3]);
});

test('it stays where they want more than cores and no less: three on two wait a third of their time', () => {
  expect(sizes(3, 1 / 3, 0.3, null)).toEqual([3, 3, 3]);
});

test('what was seen in a larger crowd is held against it once', () => {
  const crowd = new Crowd(4);
  for (let machine = 0; machine < 4; machine++) crowd.add({ machines: 4, starved: 0.6 });
  expect(crowd.size).toBe(2);
  crowd.add({ machines: 1, starved: 0 });
  expect(crowd.size).toBe(2);
});
