import { expect, it } from 'vitest';
import { ScreenLog } from './screen-log.ts';
import { Scroll } from './scroll.ts';

const logOf = (...looks: string[][]): string => {
  const scroll = new Scroll();
  const log = new ScreenLog();
  for (const rows of looks) log.add(scroll.follow(rows));
  return log.text;
};

it('keeps what a screen says, once, and says where something may be missing', () => {
  expect(logOf()).toBe('');
  expect(logOf(['one', 'two'], ['two', 'three'], ['eight', 'nine'], ['eight', 'nine'])).toBe(
    'one\ntwo\nthree\n(lines may be missing here)\neight\nnine\n',
  );
  expect(logOf(['one'], [], ['two'])).toBe('one\ntwo\n');
});

it('keeps the last of what only counts', () => {
  expect(logOf(['GRUB', 'boots in 5 s'], ['GRUB', 'boots in 4 s'], ['GRUB', 'boots in 3 s'])).toBe(
    'GRUB\nboots in 3 s\n',
  );
});

it('keeps the end of what is too long', () => {
  const lines = Array.from({ length: 6000 }, (_, line) => `${'abcdefghij'[line % 10]} line ${line}`);
  const text = logOf(...Array.from({ length: 600 }, (_, look) => lines.slice(10 * look, 10 * look + 10)));
  expect(text.split('\n')).toHaveLength(4096 + 2);
  expect(text).toMatch(/^\(earlier lines are left out\)\n/);
  expect(text).toContain('j line 5999\n');
});
