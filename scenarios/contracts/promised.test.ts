import { expect, test } from 'vitest';
import { promisedTo } from './promised.ts';

test.for([
  [{ format: 'qemu' }, { default: 'root', qemu: null }, null],
  [{ format: 'qemu', label: 'silent' }, { default: 'root', qemu: 'nixos', silent: null }, null],
  [{ format: 'qemu', label: 'silent' }, { default: 'root', qemu: 'nixos' }, 'nixos'],
  [{ format: 'constructor', label: 'toString' }, { default: 'root' }, 'root'],
  [{ format: 'qemu' }, {}, undefined],
] as const)('to %j of %j: %j', ([guest, promises, expected]) => {
  expect(promisedTo<string | null>(guest, promises)).toBe(expected);
});
