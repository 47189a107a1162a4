import type { Requirement } from '../requirement.ts';

/** What the host must have for images to be identified. */
export const imageRequirements: Requirement[] = [
  { command: 'qemu-img', package: 'qemu-utils', reason: 'reads qcow2, vmdk, vhdx, vdi and vhd disk images' },
  { command: 'mdir', package: 'mtools', reason: 'looks for UEFI loaders on an EFI system partition' },
  {
    command: 'bsdtar',
    package: 'libarchive-tools',
    reason: 'looks into ISOs, and reads tar archives with sparse files',
  },
  {
    command: 'debugfs',
    package: 'e2fsprogs',
    reason: 'looks for the kernels of disks without a boot loader',
  },
  { command: 'xz', package: 'xz-utils', reason: 'decompresses images' },
  { command: 'zstd', package: 'zstd', reason: 'decompresses images' },
];
