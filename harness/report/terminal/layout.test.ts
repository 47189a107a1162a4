import { expect, test } from 'vitest';
import { clip, padEnd, padStart, widest, wrap } from './layout.ts';

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['日本語', 6, '日本語'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['👩‍👩‍👧 family', 4, '👩‍👩‍👧 …'],
  ['abc', 1, '…'],
  ['abc', 0, ''],
  [' two words', 6, ' two …'],
])('clip(%j, %i)', (text, width, expected) => {
  expect(clip(text, width)).toBe(expected);
  expect(widest([clip(text, width)])).toBeLessThanOrEqual(width);
});

test('pads to columns, not to characters', () => {
  expect(padEnd('日本', 6)).toBe('日本  ');
  expect(padStart('日本', 6)).toBe('  日本');
  expect(padEnd('abcdef', 3)).toBe('ab…');
});

test('wraps between words, and leaves a path whole', () => {
  expect(wrap('one two three', 9)).toBe('one two\n  three');
  expect(wrap('sh reports/cells/a/qemu.sh', 10)).toBe('sh\n  reports/cells/a/qemu.sh');
});
