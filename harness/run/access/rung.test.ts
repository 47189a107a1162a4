import { expect, test } from 'vitest';
import { withDefaults } from './rung.ts';

const linode = ['root=/dev/sda', 'console=ttyS0,19200n8'];

test.for([
  ['init=/x', 'init=/x root=/dev/sda console=ttyS0,19200n8'],
  ['root=LABEL=nixos  quiet', 'root=LABEL=nixos quiet console=ttyS0,19200n8'],
  ['console=tty0 root=fstab', 'console=tty0 root=fstab'],
  ['', 'root=/dev/sda console=ttyS0,19200n8'],
] as const)("a platform's words are added where the image has none of their kind: %j", ([own, expected]) => {
  expect(withDefaults(own, linode)).toBe(expected);
});
