import { expect, it } from 'vitest';
import { decodeRows } from './text-screen.ts';

const screenOf = (...lines: string[]): Buffer => {
  const memory = Buffer.alloc(80 * 25 * 2);
  for (let at = 0; at < 80 * 25; at++) memory.writeUInt16LE(0x0720, at * 2);
  lines.forEach((line, row) =>
    [...line].forEach((char, at) => memory.write(char, (row * 80 + at) * 2, 'latin1')),
  );
  return memory;
};

it('finds no text in pixels, nor in a memory that is not there', () => {
  expect(decodeRows(Buffer.alloc(4000))).toBe(null);
  expect(decodeRows(Buffer.alloc(4000, 0xff))).toBe(null);
  expect(decodeRows(Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7) % 256)))).toBe(null);
});

it('tells all rows for what answers to a menu, with frames that can be seen', () => {
  const rows = decodeRows(screenOf('\xda\xc4\xbf', `${'x'.repeat(80)}`, '', 'boot: '));
  expect(rows).toHaveLength(25);
  expect(rows?.slice(0, 4)).toEqual(['???', 'x'.repeat(80), '', 'boot:']);
  expect(decodeRows(Buffer.alloc(4000))).toBe(null);
});
