import { expect, it, test } from 'vitest';
import { inventoryText } from '../inventory.ts';
import { baselineText, readBaseline } from './baseline.ts';
import { InventoryReader } from './read-inventory.ts';
import { cellWith, inventoryWith, runOf } from './testing/cells.ts';

it('is read as it was written, and keeps a part that many cells have once', () => {
  const cells = Array.from({ length: 30 }, (_, index) => cellWith(`f${index}.x86_64`));
  const run = runOf(...cells, cellWith('odd.x86_64', { packages: { curl: '9' } }), {
    ...cellWith('z'),
    inventory: null,
  });
  const text = baselineText([run, runOf()]);
  expect(readBaseline(text, 'reports')).toEqual([run, runOf()]);
  expect(text.match(/"openssl"/g)).toHaveLength(2);
});

const good = (): string => baselineText([runOf(cellWith('a.x86_64'))]);

test.each([
  ['truncated', good().slice(0, -40), 'expected JSON, got something else, or a part of it'],
  ['empty', '', 'expected JSON, got something else, or a part of it'],
  ['something else', '[1]', 'expected what `boot-matrix baseline` writes'],
  ['null', 'null', 'expected what `boot-matrix baseline` writes'],
  [
    'another version',
    good().replace('"version":1,"runs"', '"version":2,"runs"'),
    'expected version 1, got 2',
  ],
  ['without runs', '{"kind":"boot-matrix baseline","version":1,"runs":[],"parts":[]}', /^runs: /],
  [
    'with a part that is not there',
    good().replace(/"parts":\[0,/, '"parts":[999,'),
    /^expected a part at place 999, got none/,
  ],
  ['hostile', good().replace('"a.x86_64"', `"${'\\u001b'.repeat(3000)}"`), /^runs\.0\.cells\.0\.id: /],
])('one that is %s is refused in a clause', (_, text, message) => {
  expect(() => readBaseline(text, 'x')).toThrow(message);
  try {
    readBaseline(text, 'x');
  } catch (error) {
    expect((error as Error).message).not.toContain('\n');
  }
});

it('inventories that share parts share the objects, in whatever form they were written', () => {
  const reader = new InventoryReader();
  const first = reader.read(inventoryText(inventoryWith()));
  const second = reader.read(JSON.stringify(inventoryWith({ os: { ID: 'debian' } }), null, 4));
  expect(first).toEqual(inventoryWith());
  expect(second.parts.packages).toBe(first.parts.packages);
  expect(second.parts.os).not.toEqual(first.parts.os);
  expect(() => reader.read('{}')).toThrow();
  expect(() => reader.read('no JSON')).toThrow();
});
