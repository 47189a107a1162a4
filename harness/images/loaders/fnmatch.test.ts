import { expect, test } from 'vitest';
import { fitsPattern } from './fnmatch.ts';

test.each([
  ['nixos-generation-9.conf', 'nixos-generation-9.conf', true],
  ['nixos-generation-9.conf', 'nixos-generation-9', false],
  ['nixos-generation-9.conf', 'nixos-*', true],
  ['nixos-generation-9.conf', '*nixos*n-?.conf', true],
  ['nixos-generation-10.conf', '*nixos*n-?.conf', false],
  ['nixos-generation-10.conf', 'n*os-*n-1*0.conf', true],
  ['nixos-generation-10.conf', 'n*os-*n-1*1.conf', false],
  ['a.conf', 'a?conf', true],
  ['abconf', 'a.conf', false],
  ['a7.conf', 'a[0-9].conf', true],
  ['ax.conf', 'a[0-9].conf', false],
  ['a-.conf', 'a[0-9-].conf', true],
  ['a].conf', 'a[]x].conf', true],
  ['a!.conf', 'a[!0].conf', true],
  ['a5', 'a[9-0]', false],
  ['a^', 'a[\\^x]', true],
  ['a*', 'a\\*', true],
  ['ab', 'a\\*', false],
  ['a', 'a\\', false],
  ['a[b', 'a[b', false],
  ['', '', true],
  ['', '*', true],
])('%j, %j: %s', (text, pattern, fits) => expect(fitsPattern(text, pattern)).toBe(fits));
