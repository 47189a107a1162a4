import { expect, it } from 'vitest';
import { Scroll } from './scroll.ts';

it('tells each row of a screen that scrolls once', () => {
  const scroll = new Scroll();
  const lines = Array.from({ length: 40 }, (_, line) => `[    ${line}.000000] line ${line}`);
  const seen: string[] = [];
  for (let end = 3; end <= 40; end += 4) {
    const { rows, mayHaveMissed } = scroll.follow(lines.slice(Math.max(0, end - 10), end));
    seen.push(...rows);
    expect(mayHaveMissed).toBe(false);
  }
  expect(seen).toEqual(lines.slice(0, 39));
});

it('tells a row that changes in its place again, and nothing where nothing changed', () => {
  const scroll = new Scroll();
  scroll.follow(['GNU GRUB', '', 'boots in 5 s']);
  expect(scroll.follow(['GNU GRUB', '', 'boots in 4 s']).rows).toEqual(['boots in 4 s']);
  expect(scroll.follow(['GNU GRUB', '', 'boots in 4 s']).rows).toEqual([]);
});

it('does not tell the end of a line again whose beginning has scrolled away', () => {
  const scroll = new Scroll();
  scroll.follow(['systemd[1]: Listening on systemd-journald.socket - Journal Sockets.', 'one', 'two']);
  expect(scroll.follow(['Sockets.', 'one', 'two', 'three']).rows).toEqual(['three']);
});

it('says where it may have missed something', () => {
  const scroll = new Scroll();
  expect(scroll.follow(['one', 'two'])).toEqual({ rows: ['one', 'two'], mayHaveMissed: false });
  expect(scroll.follow(['seven', 'eight'])).toEqual({ rows: ['seven', 'eight'], mayHaveMissed: true });
});
