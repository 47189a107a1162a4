import { append, replaceText } from './contents.ts';
import type { EspEdit } from './esp.ts';
import type { Ext4Edit } from './ext4.ts';

/** The part of the reference images' kernel command lines that edits hold on to. */
const root = 'root=LABEL=nixos rw';

/** Adds to the kernel's command line in the GRUB menu of `qemu`; the later of two options wins. */
export const grubOptions = (options: string): Ext4Edit => ({
  path: '/boot/grub/grub.cfg',
  change: replaceText(root, `${root} ${options}`),
});

/** Adds to the kernel's command line in the systemd-boot entry of `qemu-efi`. */
export const efiOptions = (options: string): EspEdit => ({
  path: 'loader/entries/nixos-generation-1.conf',
  change: append(`options ${options}\n`),
});
