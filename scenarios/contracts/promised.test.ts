import { expect, test } from 'vitest';
import { contractFor, promisedTo } from './promised.ts';
import { nixosImages } from './systems/nixos-images.ts';

test.for([
  [{ format: 'qemu' }, { default: 'root', qemu: null }, null],
  [{ format: 'qemu', label: 'silent' }, { default: 'root', qemu: 'nixos', silent: null }, null],
  [{ format: 'qemu', label: 'silent' }, { default: 'root', qemu: 'nixos' }, 'nixos'],
  [{ format: 'constructor', label: 'toString' }, { default: 'root' }, 'root'],
  [{ format: 'qemu' }, {}, undefined],
] as const)('to %j of %j: %j', ([guest, promises, expected]) => {
  expect(promisedTo<string | null>(guest, promises)).toBe(expected);
});

test('takes what a format promises otherwise in place of the common part, and nothing else', () => {
  const { formats: _, ...common } = nixosImages;
  expect(contractFor(nixosImages, { format: 'qemu' })).toEqual(common);
  expect(contractFor(nixosImages, { format: 'proxmox' })).toEqual({
    ...common,
    system: { target: 'multi-user.target' },
  });
  const own = { ...common, formats: { silent: { sshd: null } } };
  expect(contractFor(own, { format: 'qemu', label: 'silent' }).sshd).toBe(null);
});
