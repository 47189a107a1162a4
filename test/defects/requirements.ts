import type { Requirement } from '../../harness/requirement.ts';

/** What making the broken images needs on the host, beside what the reference images do. */
export const defectRequirements: readonly Requirement[] = [
  { command: 'grub-mkimage', package: 'grub-common', reason: "makes a core of GRUB's" },
  { file: '/usr/lib/grub/i386-pc/moddep.lst', package: 'grub-pc-bin', reason: "GRUB's modules" },
  { command: 'ckbcomp', package: 'console-setup', reason: 'makes a kernel keymap of an XKB layout' },
  { command: 'loadkeys', package: 'kbd', reason: 'compiles kernel keymaps' },
  { command: 'whiptail', package: 'whiptail', reason: 'a dialog that waits for a person' },
  { command: 'xorriso', package: 'xorriso', reason: 'writes ISOs with other files' },
  {
    file: '/usr/lib/syslinux/modules/bios/vesamenu.c32',
    package: 'syslinux-common',
    reason: "SYSLINUX's menus and tools",
  },
  { file: '/usr/lib/grub/x86_64-efi/moddep.lst', package: 'grub-efi-amd64-bin', reason: "GRUB's for UEFI" },
  { file: '/boot/memtest86+x64.bin', package: 'memtest86+', reason: 'a program in the place of a system' },
  { command: 'mcopy', package: 'mtools', reason: 'changes files in an EFI system partition' },
];
