import { expect, test } from 'vitest';
import type { Cell } from './cell.ts';
import { repeatCells } from './repeat.ts';

const cell = (id: string, skip?: string): Cell => ({
  id,
  format: 'raw',
  arch: 'x86_64',
  firmware: 'bios',
  medium: 'disk',
  diskBus: 'sata',
  memoryMiB: 1024,
  diskMiB: 100,
  image: {
    kind: 'disk',
    path: '/a',
    files: ['/a'],
    arch: 'x86_64',
    driver: 'raw',
    virtualSize: 1,
    table: 'mbr',
    boots: { bios: true, uefi: [] },
  },
  ...(skip === undefined ? {} : { skip }),
});

test('repeats have ids of their own, the first keeps its, and what cannot be run is told once', () => {
  const repeated = repeatCells([cell('a'), cell('b', 'No firmware.')], 3);
  expect(repeated.map(({ id, repeatOf }) => [id, repeatOf])).toEqual([
    ['a', undefined],
    ['a.repeat-2', 'a'],
    ['a.repeat-3', 'a'],
    ['b', undefined],
  ]);
});

test('once is as it was', () => {
  const cells = [cell('a'), cell('b')];
  expect(repeatCells(cells, 1)).toEqual(cells);
});
