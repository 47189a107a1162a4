import { expect, test } from 'vitest';
import { accompanied, isDigestList, readDigestList } from './digest-list.ts';

const sha256 = 'ab'.repeat(32);

test.each([
  ['/r/SHA256SUMS', true, undefined],
  ['/r/sha256sum.txt', true, undefined],
  ['/r/nixos.iso.sha256', true, 'nixos.iso'],
  ['/r/nixos.iso.SHA256SUM', true, 'nixos.iso'],
  ['/r/nixos.iso', false, undefined],
  ['/r/.sha256', false, undefined],
  ['/r/SHA512SUMS', false, undefined],
])('%s: %s, goes with %s', (path, isList, file) => {
  expect(isDigestList(path)).toBe(isList);
  expect(accompanied(path)).toBe(file);
});

test('lines of sha256sum, with and without --tag, and of nix hash', () => {
  const text = [
    `${sha256}  nixos.iso`,
    `${sha256.toUpperCase()} *sub dir/nixos.iso\r`,
    '',
    '# a comment',
    `SHA256 (a (1).iso) = ${sha256}`,
    sha256,
    String.raw`\${sha256}  a\nb\\c`.replace('${sha256}', sha256),
    `${sha256}nixos.iso`,
    'sha256-abc=',
  ].join('\n');
  expect(readDigestList(text)).toEqual([
    { number: 1, sha256, name: 'nixos.iso' },
    { number: 2, sha256, name: 'sub dir/nixos.iso' },
    { number: 5, sha256, name: 'a (1).iso' },
    { number: 6, sha256 },
    { number: 7, sha256, name: 'a\nb\\c' },
    { number: 8, problem: `${sha256}nixos.iso` },
    { number: 9, problem: 'sha256-abc=' },
  ]);
});
