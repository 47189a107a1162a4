import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countsDown, findMenu } from './boot-menus.ts';
import { findProgram } from './programs.ts';
import { findWait } from './waits.ts';

const directory = join(import.meta.dirname, '../../../test/corpus/screens');
const screens = readdirSync(directory).map((name) => ({
  name,
  rows: readFileSync(join(directory, name), 'utf8')
    .split('\n')
    .filter((row) => !row.startsWith('# ')),
}));

it.each([
  ['grub-bios-menu.txt', 'GRUB'],
  ['grub-efi-menu.txt', 'GRUB'],
  ['isolinux-prompt.txt', 'SYSLINUX'],
  ['syslinux-menu.txt', 'SYSLINUX'],
  ['systemd-boot-menu.txt', 'systemd-boot'],
  ['systemd-boot-help.txt', 'systemd-boot'],
])('%s is the menu of %s', (name, loader) => {
  expect(findMenu(screens.find((one) => one.name === name)?.rows ?? [])).toBe(loader);
});

it('a menu that counts down is told from one that waits', () => {
  const counting = screens.filter(({ rows }) => countsDown(rows)).map(({ name }) => name);
  expect(counting).toEqual(['syslinux-menu.txt', 'systemd-boot-countdown.txt']);
  expect(countsDown(['', '   The highlighted entry will be executed automatically in 5s.'])).toBe(true);
  expect(countsDown(['Hit any key to stop autoboot:  2'])).toBe(true);
  expect(countsDown(['Hit any key to stop autoboot:  0'])).toBe(false);
});

it('no menu is a program that runs in the place of a system, or one that asks', () => {
  for (const { name, rows } of screens) {
    expect(findProgram(rows), name).toBeNull();
    expect(findWait(rows), name).toBeNull();
  }
});

it.each([
  ['      Memtest86+ v6.10      | QEMU TCG CPU version 2.5+', 'Memtest86+'],
  ['PassMark MemTest86 V10.6 Free', 'MemTest86'],
  ['Hardware Detection Tool (HDT) 0.5.2', 'HDT, the hardware detection tool,'],
  ["Darik's Boot and Nuke", 'DBAN'],
  ['[    0.000000] early_memtest: # of tests: 17', null],
])('%j is %s', (row, name) => {
  expect(findProgram([row])).toBe(name);
});
