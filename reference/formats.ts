import { join } from 'node:path';

/** Where each format is inside of a built directory: a file, or for netboot the directory of its three. */
export const formatPaths = {
  qemu: 'qemu/nixos.qcow2',
  'qemu-efi': 'qemu-efi/nixos.qcow2',
  'iso-installer': 'iso-installer/nixos-installer.iso',
  netboot: 'netboot',
  'qemu-efi-aarch64': 'qemu-efi-aarch64/nixos.qcow2',
} as const;

export interface ReferenceFormat {
  name: string;
  /** Absolute path. */
  path: string;
}

/** The formats inside of a built directory. */
export function referenceFormats(directory: string): ReferenceFormat[] {
  return Object.entries(formatPaths).map(([name, path]) => ({ name, path: join(directory, path) }));
}
