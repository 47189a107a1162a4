import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { kernel } from './kernel.ts';

const programs = {
  cat: 'echo "BOOT_IMAGE=/bzImage root=LABEL=nixos rw toram"',
  modprobe: '[ "$1" = nothing ] && { echo "modprobe: FATAL: Module nothing not found"; exit 1; }; true',
  grep: 'case "$2" in "/btrfs\\\\.ko") true ;; *) false ;; esac',
};

it('passes with the words, and modules that load', async () => {
  const promised = { commandLine: ['toram', 'root=LABEL=nixos'], modules: ['btrfs'] };
  expect(await reasonOf(kernel, { kernel: promised }, programs)).toBe('');
});

it('tells which word is missing, and which module does not load', async () => {
  const promised = { commandLine: ['toram', 'quiet', 'LABEL=nixos'], modules: ['nothing', 'silent'] };
  expect(await reasonOf(kernel, { kernel: promised }, programs)).toBe(
    [
      "expected quiet LABEL=nixos on the kernel's command line, got BOOT_IMAGE=/bzImage root=LABEL=nixos rw toram",
      'expected the module nothing to load, got modprobe: FATAL: Module nothing not found',
      'expected the module silent to load, got no such module afterwards',
    ].join('; '),
  );
});
