import { expect, test } from 'vitest';
import type { Cell } from '../matrix/cell.ts';
import { splitShards } from './shards.ts';

const cell = (id: string): Cell => ({ id, memoryMiB: 1 }) as Cell;
const ids = (shards: readonly Cell[][]): string[][] => shards.map((cells) => cells.map(({ id }) => id));

test('shards take equally long, and keep the order of their cells', () => {
  const history = { a: 10, b: 20, c: 30, d: 40, e: 100 };
  const cells = ['a', 'b', 'c', 'd', 'e'].map(cell);
  expect(ids(splitShards(cells, 2, history))).toEqual([['e'], ['a', 'b', 'c', 'd']]);
  expect(ids(splitShards(cells.toReversed(), 2, history))).toEqual([['e'], ['d', 'c', 'b', 'a']]);
});

test('what was not timed yet counts as much as what is usual', () => {
  const cells = ['a', 'b', 'new', 'newer'].map(cell);
  expect(ids(splitShards(cells, 2, { a: 50, b: 50 }))).toEqual([
    ['a', 'new'],
    ['b', 'newer'],
  ]);
});

test('more shards than cells: some are empty, and no cell is lost or doubled', () => {
  const cells = ['a', 'b', 'c'].map(cell);
  const shards = ids(splitShards(cells, 5, {}));
  expect(shards).toHaveLength(5);
  expect(shards.flat().toSorted()).toEqual(['a', 'b', 'c']);
  expect(shards.filter((one) => one.length === 0)).toHaveLength(2);
});

test('a repeat takes as long as the cell that it repeats', () => {
  const cells = [cell('a'), { ...cell('a.repeat-2'), repeatOf: 'a' }, cell('b')];
  expect(ids(splitShards(cells, 2, { a: 10, b: 20 }))).toEqual([['b'], ['a', 'a.repeat-2']]);
});
