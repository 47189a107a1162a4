import { userInfo } from 'node:os';
import type { Guest } from './guest.ts';

const firmware =
  'BdsDxe: loading Boot0001 "UEFI Stub" from PciRoot(0x0)\nBdsDxe: starting Boot0001 "UEFI Stub" from PciRoot(0x0)\n';
const kernel =
  '[    0.000000] Linux version 6.12.0-stub (root@stub)\n[    0.100000] Command line: console=ttyS0\n';
const initrd = '[    1.000000] Run /init as init process\nWelcome to Stub Linux 1 (Initrd)!\n\n';
const userspace =
  'Welcome to Stub Linux 1!\n\n[  OK  ] Reached target multi-user.target - Multi-User System.\n';

export const bootToKernel = (guest: Guest): void => guest.say(firmware + kernel);

export const bootToInitrd = (guest: Guest): void => guest.say(firmware + kernel + initrd);

export const bootToUserspace = (guest: Guest): void => guest.say(firmware + kernel + initrd + userspace);

export const bootToLogin = (guest: Guest): void =>
  guest.say(`${firmware}${kernel}${initrd}${userspace}\nnixos-installer login: `);

/** To an automatic login as whoever runs the tests; what follows is the shell's to say. */
export function bootToAutologin(guest: Guest): void {
  guest.say(firmware + kernel + initrd + userspace);
  guest.say(
    `\nStub Linux 1 nixos-installer ttyS0\n\nnixos-installer login: ${userInfo().username} (automatic login)\n\n`,
  );
}

/** @param directory comes first on the shell's PATH */
export function bootToShell(guest: Guest, directory?: string): void {
  bootToAutologin(guest);
  guest.openShell('[stub@nixos-installer:~]# ', directory);
}
