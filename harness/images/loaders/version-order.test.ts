import { expect, test } from 'vitest';
import { compareVersions } from './version-order.ts';

/** From old to new, as the comment at strverscmp_improved and its tests have it (systemd, src/test/test-string-util.c). */
test.each([
  [
    '122.1',
    '123~rc1-1',
    '123',
    '123-a',
    '123-a.1',
    '123-1',
    '123-1.1',
    '123^post1',
    '123.a-1',
    '123.1-1',
    '123a-1',
    '124-1',
  ],
  ['~1', ''],
  ['', '1'],
  ['nixos-generation-9.conf', 'nixos-generation-10.conf'],
  ['123_~rc1', '123'],
  ['6.12.9', '6.12.30'],
  ['lang', 'language'],
  ['a', '1'],
])('%j, … is from old to new', (...versions) => {
  for (const [index, older] of versions.entries()) {
    expect(compareVersions(older, older)).toBe(0);
    for (const newer of versions.slice(index + 1)) {
      expect([older, newer, compareVersions(older, newer)]).toEqual([older, newer, -1]);
      expect([newer, older, compareVersions(newer, older)]).toEqual([newer, older, 1]);
    }
  }
});

test.each([
  ['00123', '123'],
  ['123_a', '123a'],
  ['', ''],
])('%j and %j are the same', (a, b) => expect(compareVersions(a, b)).toBe(0));

test('a long version is compared at once', () => {
  expect(compareVersions('_'.repeat(1 << 19), '1.'.repeat(1 << 18))).toBe(-1);
});
