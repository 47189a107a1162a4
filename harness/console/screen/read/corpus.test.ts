import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readPng } from '../../../../test/screens/picture.ts';
import { ScreenReader } from './screen-reader.ts';
import { gap } from './text-region.ts';
import { textRows } from './text-rows.ts';

const folder = new URL('../../../../test/screens/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.png'))
  .map((file) => file.replace(/\.png$/, ''));

/** Characters that a person reads and the reader leaves out, of a thousand. */
const mostGaps = 10;

const linesOf = (rows: readonly string[]): string[] =>
  rows.map((row) => row.trim()).filter((row) => row !== '');

/** What the picture says, and what a person reads there. */
function read(name: string): { read: string[]; wanted: string[] } {
  const regions = new ScreenReader().read(readPng(new URL(`${name}.png`, folder)));
  const wanted = readFileSync(new URL(`${name}.txt`, folder), 'utf8').split('\n');
  return { read: linesOf(textRows(regions)), wanted: linesOf(wanted) };
}

it.each(names)('%s is read without a wrong character', (name) => {
  const { read: got, wanted } = read(name);
  // A gap may be anything, all else is what a person reads.
  const filled = got.map((row, index) =>
    [...row].map((character, at) => (character === gap ? (wanted[index]?.[at] ?? gap) : character)).join(''),
  );
  expect(filled).toEqual(wanted);
});

it('hardly anything is left out', () => {
  const all = names.map(read);
  const characters = all.reduce((sum, { wanted }) => sum + wanted.join('').replaceAll(' ', '').length, 0);
  const gaps = all.flatMap(({ read: got }) => got.join('').match(new RegExp(gap, 'g')) ?? []).length;
  expect((1000 * gaps) / characters).toBeLessThan(mostGaps);
});
