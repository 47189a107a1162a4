import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import type { Cell } from './cell.ts';
import { filterCells } from './filter.ts';

const ids = [
  'iso-installer.x86_64.bios.cdrom',
  'iso-installer.x86_64.uefi.usb',
  'qemu-efi.aarch64.uefi.disk',
  'qemu-efi.x86_64.uefi.disk',
  'qemu.x86_64.bios.disk',
  'qemu.x86_64.bios.disk.old',
];
const cells = ids.map((id) => ({ id, format: id.split('.')[0] }) as Cell);
const filter = (...filters: string[]): string[] => filterCells(cells, filters).map(({ id }) => id);

test.for([
  [[], [0, 1, 2, 3, 4, 5]],
  [['qemu'], [2, 3, 4, 5]],
  [['qemu.*'], [4, 5]],
  [['qemu.x86_64.bios.disk'], [4]],
  [['*.uefi.*'], [1, 2, 3]],
  [
    ['uefi', 'cdrom'],
    [0, 1, 2, 3],
  ],
  [
    ['aarch64', 'qemu-efi'],
    [2, 3],
  ],
  [['*cdrom'], [0]],
  [['iso*usb'], [1]],
  [['*'], [0, 1, 2, 3, 4, 5]],
] as const)('%j', ([filters, expected]) => {
  expect(filter(...filters)).toEqual(expected.map((index) => ids[index]));
});

test.for(['nope', 'cdrom*', '.+', 'qemu.x86.64.*'])(
  '"%s" selects nothing, and the message says what there is',
  (unknown) => {
    expect(() => filter('qemu', unknown)).toThrow(
      new UsageError(
        'unknown-filter',
        `"${unknown}": expected a filter that selects a cell, got one that selects none; choose from ${ids.join(', ')}.`,
      ),
    );
  },
);

test('every filter that selects nothing is told', () => {
  expect(() => filter('nope', 'qemu', '.+')).toThrow(/^"nope", "\.\+": expected a filter/);
});

test('of many cells the message names the formats', () => {
  const many = Array.from(
    { length: 60 },
    (_, index) => ({ id: `qemu.x86_64.bios.disk.${index}`, format: 'qemu' }) as Cell,
  );
  expect(() => filterCells(many, ['nope'])).toThrow('choose from qemu.*.');
});
