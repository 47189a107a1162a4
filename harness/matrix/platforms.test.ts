import { expect, it, test } from 'vitest';
import { partNames } from '../inventory.ts';
import { broughtBy, formatNames } from './formats.ts';
import { agents } from './platforms.ts';

it('each agent belongs to a row of the format table', () => {
  expect(Object.keys(agents).filter((name) => !formatNames.includes(name))).toEqual([]);
});

test.each(formatNames)('what %s brings names parts that there are, each with a reason', (name) => {
  const brought = broughtBy(name);
  expect(brought.length).toBeGreaterThan(0);
  for (const { part, name: pattern, why } of brought) {
    expect(partNames).toContain(part);
    expect(why.length).toBeGreaterThan(10);
    // Only file systems differ as a whole; nothing else goes by a pattern that fits everything.
    expect(pattern).not.toBe('*');
  }
});
