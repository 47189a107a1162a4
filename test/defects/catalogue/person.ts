import { readFile } from 'node:fs/promises';
import type { Defect } from '../defect.ts';
import { disk } from '../make/disk.ts';
import type { Ext4Edit } from '../make/ext4.ts';
import { iso } from '../make/iso.ts';
import { grubOptions } from '../make/options.ts';
import { graphicalGrub, remaster } from '../make/remaster.ts';

const bios = 'iso-installer.x86_64.bios.cdrom';
const uefi = 'iso-installer.x86_64.uefi.cdrom';

const syslinux = '/usr/lib/syslinux/modules/bios';
const waits = /boot menu.* waits for a person: it has no time-out/;

/** isolinux.cfg, whose first line names the menu. */
const isolinuxMenu = (ui: string, entry: readonly string[]): string =>
  [`UI ${ui}`, 'MENU TITLE Installer', 'LABEL live', '  MENU LABEL Start', ...entry, ''].join('\n');
const linux = ['  LINUX /boot/bzImage', '  APPEND quiet', '  INITRD /boot/initrd'];

const menuModules = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [`/isolinux/${name}`, { file: `${syslinux}/${name}` }]));

/** A script in the place of the system's init, on the serial console; when it ends, so does the guest. */
const askAtInit = (question: string): Ext4Edit[] => [
  {
    path: '/etc/ask',
    mode: '0100755',
    create: `#!/bin/sh\nexec < /dev/ttyS0 > /dev/ttyS0 2>&1\n${question}\n`,
  },
  grubOptions('init=/etc/ask'),
];

/** whiptail(1) of the host, and the one library that the reference disk lacks for it. */
async function whiptail(): Promise<Ext4Edit[]> {
  const files = { '/usr/bin/whiptail': '0100755', '/usr/lib/x86_64-linux-gnu/libpopt.so.0': '0100644' };
  return Promise.all(
    Object.entries(files).map(async ([path, mode]) => ({ path, mode, create: await readFile(path) })),
  );
}

/** What waits for a person, or is no system at all. */
export const person: readonly Defect[] = [
  {
    name: 'init-opens-dialog',
    what: 'a dialog on serial in the place of a system, with a clock that ticks',
    cell: 'qemu.x86_64.bios.disk',
    make: async (reference, scratch) => {
      // What runs in the background has no input.
      const dialog =
        'while sleep 60; do printf "\\0337\\033[1;70H%s\\0338" "$(date +%H:%M)"; done &\n' +
        'TERM=vt220 whiptail --backtitle "Installer" --yesno "Erase the whole disk?" 8 50';
      const root = [...(await whiptail()), ...askAtInit(dialog)];
      return disk('qemu', { root })(reference, scratch);
    },
    expect: {
      phase: 'userspace',
      reason: /a dialog waits for an answer: "Erase the whole disk\?" \(Yes, No\)/,
    },
  },
  {
    name: 'init-asks-passphrase',
    what: 'systemd asks for the passphrase of a disk, and nobody is there',
    cell: 'qemu.x86_64.bios.disk',
    make: disk('qemu', {
      root: askAtInit('systemd-ask-password --timeout=0 "Please enter passphrase for disk data (crypt):"'),
    }),
    expect: { phase: 'userspace', reason: /waits for a passphrase: ".*enter passphrase for disk data/ },
  },
  {
    name: 'isolinux-prompt-waits',
    what: "ISOLINUX's prompt without a time-out",
    cell: bios,
    make: iso({ exchanges: [['TIMEOUT 10', 'TIMEOUT 0 ']] }),
    expect: { phase: 'bootloader', reason: waits },
  },
  {
    name: 'isolinux-graphics-wait',
    what: "ISOLINUX's menu in graphics without a time-out, as live-build makes it",
    cell: bios,
    make: remaster({
      files: {
        '/isolinux/isolinux.cfg': { text: isolinuxMenu('vesamenu.c32', linux) },
        ...menuModules('vesamenu.c32', 'libcom32.c32', 'libutil.c32'),
      },
    }),
    expect: { phase: 'bootloader', reason: waits },
  },
  {
    name: 'grub-efi-waits',
    what: "GRUB's menu under UEFI without a time-out",
    cell: uefi,
    make: iso({ exchanges: [['set timeout=1', '#et timeout=1']] }),
    expect: { phase: 'bootloader', reason: waits },
  },
  {
    name: 'grub-efi-graphics-wait',
    what: "GRUB's menu in graphics under UEFI, with timeout=-1",
    cell: uefi,
    make: remaster({
      files: {
        '/EFI/BOOT/unicode.pf2': { file: '/usr/share/grub/unicode.pf2' },
        '/EFI/BOOT/grub.cfg': {
          text: [
            'loadfont $prefix/unicode.pf2',
            'terminal_output gfxterm',
            'set timeout=-1',
            'menuentry "Live system" {',
            '  linux /boot/bzImage quiet',
            '  initrd /boot/initrd',
            '}',
            '',
          ].join('\n'),
        },
      },
      efi: graphicalGrub,
    }),
    expect: { phase: 'bootloader', reason: waits },
  },
  {
    name: 'isolinux-starts-memtest',
    what: "the default entry of ISOLINUX's menu is a memory test",
    cell: bios,
    make: remaster({
      files: {
        '/isolinux/isolinux.cfg': {
          text: 'TIMEOUT 10\nPROMPT 1\nDEFAULT memtest\nLABEL memtest\n  LINUX /boot/memtest\n',
        },
        '/boot/memtest': { file: '/boot/memtest86+x64.bin' },
      },
    }),
    expect: { phase: 'bootloader', reason: /Memtest86\+ runs in the place of a system/ },
  },
  {
    name: 'isolinux-starts-hdt',
    what: "the default entry of ISOLINUX's menu is a hardware tool",
    cell: bios,
    make: remaster({
      files: {
        '/isolinux/isolinux.cfg': {
          text: 'TIMEOUT 10\nPROMPT 1\nDEFAULT hdt\nLABEL hdt\n  COM32 hdt.c32\n',
        },
        ...menuModules('hdt.c32', 'libcom32.c32', 'libutil.c32', 'libmenu.c32', 'libgpl.c32'),
      },
    }),
    expect: {
      phase: 'bootloader',
      reason: /HDT, the hardware detection tool, runs in the place of a system/,
    },
  },
  {
    name: 'efi-starts-memtest',
    what: 'the ISO starts a memory test under UEFI, whose screen is in graphics',
    cell: uefi,
    make: remaster({ files: {}, efi: async () => '/boot/memtest86+x64.efi' }),
    expect: { phase: 'bootloader', reason: /Memtest86\+ runs|nothing but counters moves on the screen/ },
  },
];
