import { expect, it } from 'vitest';
import { anyOf } from './prefilter.ts';

it('is true where one of the patterns is, by its own rules', () => {
  const isAny = anyOf([/^one/, /^two/i, /three/, /four/i]);
  for (const text of ['one', 'TWO', 'a three', 'a FOUR']) expect(isAny(text), text).toBe(true);
  for (const text of ['ONE', 'a one', 'a two', 'THREE', '']) expect(isAny(text), text).toBe(false);
  expect(anyOf([])('anything')).toBe(false);
});
