import { expect, test } from 'vitest';
import { catalogue } from './index.ts';
import { silent } from './silent.ts';

test('silent twins are many, and on each firmware and architecture', () => {
  expect(silent.length).toBeGreaterThanOrEqual(40);
  const machines = new Set(silent.map(({ cell }) => cell.split('.').slice(1, 3).join('.')));
  expect([...machines].sort()).toEqual(['aarch64.uefi', 'x86_64.bios', 'x86_64.uefi']);
});

test('a twin must be told in the same words and phase as its talking original', () => {
  for (const { name, expect: wanted } of silent) {
    const original = catalogue
      .filter((one) => !silent.includes(one) && name.startsWith(`${one.name}-`))
      .reduce((a, b) => (a.name.length > b.name.length ? a : b));
    expect(wanted, name).toBe(original.expect);
  }
});

test('no name is there twice', () => {
  const names = catalogue.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
