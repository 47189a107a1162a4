import { expect, test } from 'vitest';
import { findMenuTimeout } from './menu-timeout.ts';

const isolinux = '/isolinux/isolinux.cfg';
const grub = '/boot/grub/grub.cfg';

test.each([
  ['bios', { [isolinux]: 'PROMPT 1\nTIMEOUT 600\nDEFAULT x\n' }, 60],
  ['bios', { [isolinux]: 'TIMEOUT 0\n' }, undefined],
  ['bios', { [isolinux]: 'ui vesamenu.c32\n' }, undefined],
  ['bios', { [isolinux]: 'timeout 50\ntotaltimeout 1200\n', [grub]: 'set timeout=10\n' }, 120],
  ['uefi', { [isolinux]: 'TIMEOUT 600\n', [grub]: 'set timeout=-1\n' }, undefined],
  ['uefi', { [grub]: 'if true; then\n  set timeout="5"\nelse\n  set timeout=90\nfi\n' }, 90],
  ['uefi', {}, undefined],
] as const)('%s: %j goes on after %s s', async (firmware, files: Record<string, string>, seconds) => {
  expect(await findMenuTimeout({ read: async (path) => files[path] }, firmware)).toBe(seconds);
});
