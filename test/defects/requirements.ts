import type { Requirement } from '../../harness/requirement.ts';

/** What making the broken images needs on the host, beside what the reference images do. */
export const defectRequirements: readonly Requirement[] = [
  { command: 'grub-mkimage', package: 'grub-common', reason: "makes a core of GRUB's" },
  { file: '/usr/lib/grub/i386-pc/moddep.lst', package: 'grub-pc-bin', reason: "GRUB's modules" },
  { command: 'ckbcomp', package: 'console-setup', reason: 'makes a kernel keymap of an XKB layout' },
  { command: 'loadkeys', package: 'kbd', reason: 'compiles kernel keymaps' },
  { command: 'mcopy', package: 'mtools', reason: 'changes files in an EFI system partition' },
];
