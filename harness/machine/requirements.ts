import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { Requirement } from '../requirement.ts';
import { onPath } from './process/on-path.ts';

/**
 * UEFI firmware is found by its descriptors, which no path stands for; on Debian and its kin it is a package of its
 * own that QEMU's only recommend, elsewhere it comes with QEMU.
 */
const debianFirmware: readonly Requirement[] = [
  { file: '/usr/share/OVMF/OVMF_CODE_4M.fd', package: 'ovmf', reason: 'UEFI of x86_64 guests' },
  { file: '/usr/share/AAVMF/AAVMF_CODE.fd', package: 'qemu-efi-aarch64', reason: 'UEFI of aarch64 guests' },
  {
    file: '/usr/lib/ipxe/snponly.efi',
    package: 'ipxe',
    reason: "netboot where UEFI passes over QEMU's iPXE",
  },
  {
    file: '/usr/lib/u-boot/qemu_arm64/u-boot.bin',
    package: 'u-boot-qemu',
    reason: 'starts SD cards for aarch64',
  },
];

const qemu = await onPath('qemu-system-x86_64');
/** Nix's QEMU comes with firmware of its own. */
const bringsFirmware = qemu !== null && (await realpath(qemu)).startsWith('/nix/store/');

/** What machines need of the host; SeaBIOS and iPXE come along with QEMU. */
export const machineRequirements: readonly Requirement[] = [
  { command: 'qemu-system-x86_64', package: 'qemu-system-x86', reason: 'runs x86_64 guests' },
  { command: 'qemu-system-aarch64', package: 'qemu-system-arm', reason: 'runs aarch64 guests' },
  { command: 'qemu-img', package: 'qemu-utils', reason: 'lays overlays over images' },
  {
    command: 'debugfs',
    package: 'e2fsprogs',
    reason: 'takes kernels out of the root file systems of guests that let nobody in',
  },
  ...(existsSync('/etc/debian_version') && !bringsFirmware ? debianFirmware : []),
];
