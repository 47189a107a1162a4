import { join } from 'node:path';

/** Where each format is inside of a built directory: a file, or for netboot the directory of both of its scripts. */
export const formatPaths = {
  qemu: 'qemu/nixos.qcow2',
  'qemu-silent': 'qemu/nixos-silent.qcow2',
  'qemu-efi': 'qemu-efi/nixos.qcow2',
  'qemu-efi-silent': 'qemu-efi/nixos-silent.qcow2',
  'iso-installer': 'iso-installer/nixos-installer.iso',
  'iso-installer-silent': 'iso-installer/nixos-installer-silent.iso',
  netboot: 'netboot',
  'qemu-efi-aarch64': 'qemu-efi-aarch64/nixos.qcow2',
  'qemu-efi-aarch64-silent': 'qemu-efi-aarch64/nixos-silent.qcow2',
} as const;

/** Where the root file system, 2048 MiB of ext4, begins on a disk; MiB. */
export const rootAtMiB = { qemu: 1, 'qemu-efi': 129, 'qemu-efi-aarch64': 129 } as const;

export interface ReferenceFormat {
  name: string;
  /** Absolute path. */
  path: string;
}

/** The formats inside of a built directory. */
export function referenceFormats(directory: string): ReferenceFormat[] {
  return Object.entries(formatPaths).map(([name, path]) => ({ name, path: join(directory, path) }));
}
