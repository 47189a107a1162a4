import type { FilePart } from '../media/pe.ts';

/** What a bootloader's configuration starts first; paths as it writes them, from the root of its file system. */
export interface LoaderEntry {
  kernel: string;
  initrds: string[];
  /** `kernel` is a unified kernel image, and these are parts of it. @default it is a kernel */
  unified?: { linux: FilePart; initrds: readonly FilePart[] };
  /** The kernel's command line. */
  options: string;
  /** Its name at the loader's prompt, where that asks for one. */
  label?: string;
}

/** GRUB's device in front of a path: `($root)/boot/bzImage`, `(hd0,msdos1)/vmlinuz`. */
const device = /^\([^)]*\)/;

/** A path as a file system takes it: absolute, without a device, and with `/` where UEFI has `\`. */
export const plainPath = (path: string): string =>
  `/${path.replace(device, '').replaceAll('\\', '/').replaceAll(/\/+/g, '/').replace(/^\//, '')}`;

/** Kernels take the initrd from their loader; where QEMU is that, a name for it means nothing. */
export const withoutInitrdOption = (options: string): string =>
  options
    .split(/\s+/)
    .filter((word) => !word.startsWith('initrd=') && word !== '')
    .join(' ');
