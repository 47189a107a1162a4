import type { Defect } from '../defect.ts';
import { become, damage, replaceText, truncate } from '../make/contents.ts';
import { disk } from '../make/disk.ts';
import { grubCore } from '../make/grub.ts';
import { iso, rename } from '../make/iso.ts';
import { netboot } from '../make/netboot.ts';

const grub = 'qemu.x86_64.bios.disk';
const systemdBoot = 'qemu-efi.x86_64.uefi.disk';
const isolinux = 'iso-installer.x86_64.bios.cdrom';
const grubEfi = 'iso-installer.x86_64.uefi.cdrom';
const ipxe = 'netboot.x86_64.uefi.pxe';

const menu = '/boot/grub/grub.cfg';
const entry = 'loader/entries/nixos-generation-1.conf';

/** What a bootloader cannot load. */
export const bootloader: readonly Defect[] = [
  {
    name: 'grub-core-wiped',
    what: "zeros where GRUB's boot sector expects its core: it starts itself for ever",
    cell: grub,
    make: disk('qemu', { bytes: [{ at: 512, data: Buffer.alloc(400_000) }] }),
    expect: { phase: 'bootloader', reason: /GRUB's boot sector/ },
  },
  {
    name: 'grub-no-such-device',
    what: "GRUB's core searches for a file system that no disk has, and its modules are there",
    cell: grub,
    make: async (reference, scratch) => {
      const core = await grubCore('search.fs_label absent root\n', scratch);
      return disk('qemu', { bytes: [{ at: 512, data: core }] })(reference, scratch);
    },
    expect: { phase: 'bootloader', reason: /grub rescue>.*no such device/ },
  },
  {
    name: 'grub-no-config',
    what: 'no grub.cfg on the disk',
    cell: grub,
    make: disk('qemu', { root: [{ path: menu, remove: true }] }),
    expect: { phase: 'bootloader', reason: /stuck in GRUB at `grub>`.*found no configuration/ },
  },
  {
    name: 'grub-no-kernel',
    what: 'no kernel under the name that grub.cfg has',
    cell: grub,
    make: disk('qemu', { root: [{ path: '/boot/bzImage', remove: true }] }),
    expect: { phase: 'bootloader', reason: /GRUB could not load .*bzImage' not found/ },
  },
  {
    name: 'grub-no-initrd',
    what: 'no initrd under the name that grub.cfg has: GRUB says so and starts the kernel without',
    cell: grub,
    make: disk('qemu', { root: [{ path: '/boot/initrd', remove: true }] }),
    expect: { phase: 'kernel', reason: /panic(?:ked)?: VFS: Unable to mount root fs/ },
  },
  {
    name: 'grub-kernel-truncated',
    what: 'half of a kernel: it starts, resets the machine, and GRUB starts it again, for ever',
    cell: grub,
    make: disk('qemu', { root: [{ path: '/boot/bzImage', change: truncate(0.5) }] }),
    expect: { phase: 'bootloader', reason: /resets itself in phase bootloader/ },
  },
  {
    name: 'grub-kernel-is-text',
    what: 'a kernel that is none',
    cell: grub,
    make: disk('qemu', { root: [{ path: '/boot/bzImage', change: become('x'.repeat(4096)) }] }),
    expect: { phase: 'bootloader', reason: /GRUB could not load .*invalid magic number/ },
  },
  {
    name: 'grub-efi-no-config',
    what: "the ISO's grub.cfg has another name",
    cell: grubEfi,
    make: iso({ exchanges: rename('grub.cfg', 'grub.cfx') }),
    expect: { phase: 'bootloader', reason: /stuck in GRUB at `grub>`.*found no configuration/ },
  },
  {
    name: 'isolinux-no-ldlinux',
    what: 'no ldlinux.c32 beside isolinux.bin',
    cell: isolinux,
    make: iso({ exchanges: rename('ldlinux.c32', 'ldlinux.c33') }),
    expect: { phase: 'bootloader', reason: /SYSLINUX .*Failed to load ldlinux\.c32/ },
  },
  {
    name: 'isolinux-no-config',
    what: 'no isolinux.cfg',
    cell: isolinux,
    make: iso({ exchanges: rename('isolinux.cfg', 'isolinux.cfx') }),
    expect: { phase: 'bootloader', reason: /SYSLINUX .*No configuration file found/ },
  },
  {
    name: 'isolinux-no-kernel',
    what: 'isolinux.cfg names a kernel that is not there',
    cell: isolinux,
    make: iso({ exchanges: [['LINUX /boot/bzImage', 'LINUX /boot/bzLmage']] }),
    expect: { phase: 'bootloader', reason: /SYSLINUX could not load \/boot\/bzLmage/ },
  },
  {
    name: 'systemd-boot-no-entry',
    what: 'no boot entry',
    cell: systemdBoot,
    make: disk('qemu-efi', { esp: [{ path: entry, remove: true }] }),
    expect: { phase: 'bootloader', reason: /bootloader found nothing to boot: systemd-boot has no entry/ },
  },
  {
    name: 'systemd-boot-no-kernel',
    what: 'the entry names a kernel that is not there',
    cell: systemdBoot,
    make: disk('qemu-efi', { esp: [{ path: 'EFI/nixos/bzImage.efi', remove: true }] }),
    expect: { phase: 'bootloader', reason: /bootloader found nothing to boot: systemd-boot has no entry/ },
  },
  {
    name: 'systemd-boot-no-initrd',
    what: 'the entry names an initrd that is not there',
    cell: systemdBoot,
    make: disk('qemu-efi', { esp: [{ path: 'EFI/nixos/initrd.efi', remove: true }] }),
    expect: { phase: 'bootloader', reason: /systemd-boot said Error preparing initrd: Not found/ },
  },
  {
    name: 'systemd-boot-kernel-is-text',
    what: 'a kernel that is none: systemd-boot says so, and then the firmware traps',
    cell: systemdBoot,
    make: disk('qemu-efi', { esp: [{ path: 'EFI/nixos/bzImage.efi', change: become('no program\n') }] }),
    expect: { phase: 'bootloader', reason: /systemd-boot said Error loading \\EFI\\nixos\\bzImage\.efi/ },
  },
  {
    name: 'netboot-no-such-kernel',
    what: 'the script names a kernel that is not beside it',
    cell: ipxe,
    make: netboot({ 'netboot.ipxe': replaceText('kernel bzImage', 'kernel bzLmage') }),
    expect: { refused: /bzLmage/ },
  },
  {
    name: 'netboot-names-no-file',
    what: 'the script names a file that is not beside it',
    cell: ipxe,
    make: netboot({ 'netboot.ipxe': replaceText('imgfree', 'imgfetch menu.ipxe') }),
    expect: { refused: /expected the file menu\.ipxe that the script names beside it/ },
  },
  {
    name: 'netboot-chain-missing',
    what: 'the script asks for a file that is not there, by a name that only iPXE knows',
    cell: ipxe,
    make: netboot({ 'netboot.ipxe': replaceText('imgfree', 'imgfetch ${net0/ip}.ipxe') }),
    expect: { phase: 'bootloader', reason: /iPXE could not boot: No such file or directory/ },
  },
  {
    name: 'netboot-gives-up',
    what: 'the script ends before it boots',
    cell: ipxe,
    make: netboot({ 'netboot.ipxe': replaceText('\nboot', '\nexit 1') }),
    expect: { phase: 'bootloader', reason: /iPXE could not boot: Error 0x00000001/ },
  },
  {
    name: 'netboot-kernel-damaged',
    what: "noise in the kernel's header",
    cell: ipxe,
    make: netboot({ bzImage: damage(0x40, 0x100) }),
    expect: { phase: 'bootloader', reason: /iPXE could not boot: Exec format error/ },
  },
];
