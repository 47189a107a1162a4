import { expect, it } from 'vitest';
import { decodeRows, decodeTextScreen } from './text-screen.ts';

const screenOf = (...lines: string[]): Buffer => {
  const memory = Buffer.alloc(80 * 25 * 2);
  for (let at = 0; at < 80 * 25; at++) memory.writeUInt16LE(0x0720, at * 2);
  lines.forEach((line, row) =>
    [...line].forEach((char, at) => memory.write(char, (row * 80 + at) * 2, 'latin1')),
  );
  return memory;
};

it('reads the rows of a text mode, without colours and blanks', () => {
  expect(decodeTextScreen(screenOf('SeaBIOS (version 1)', '', 'No bootable device.'))).toEqual([
    'SeaBIOS (version 1)',
    '',
    'No bootable device.',
  ]);
  expect(decodeTextScreen(screenOf('\xc9\xcd\xcd grub> '))).toEqual(['    grub>']);
});

it('joins what runs over the edge', () => {
  const long = `error: ${'x'.repeat(90)}.`;
  expect(decodeTextScreen(screenOf(long.slice(0, 80), long.slice(80), 'next'))).toEqual([long, 'next']);
});

it('finds no text in pixels, nor in a memory that is not there', () => {
  expect(decodeTextScreen(Buffer.alloc(4000))).toBe(null);
  expect(decodeTextScreen(Buffer.alloc(4000, 0xff))).toBe(null);
  expect(decodeTextScreen(Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7) % 256)))).toBe(null);
});

it('tells all rows for what answers to a menu, with frames that can be seen', () => {
  const rows = decodeRows(screenOf('\xda\xc4\xbf', `${'x'.repeat(80)}`, '', 'boot: '));
  expect(rows).toHaveLength(25);
  expect(rows?.slice(0, 4)).toEqual(['???', 'x'.repeat(80), '', 'boot:']);
  expect(decodeRows(Buffer.alloc(4000))).toBe(null);
});
