import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Defect } from '../defect.ts';
import { beside, notUtf8 } from '../make/beside.ts';
import { become, truncate } from '../make/contents.ts';
import { disk } from '../make/disk.ts';
import { iso, isoEfiUnderPc } from '../make/iso.ts';

const bios = 'qemu.x86_64.bios.disk';
const uefi = 'qemu-efi.x86_64.uefi.disk';
const loader = 'EFI/BOOT/BOOTX64.EFI';
const nothing = /nothing to boot/;

/** Volume descriptor of the El Torito boot record: the sector behind the primary one. */
const bootRecord = 17 * 2048;

/** What the firmware cannot start. What cannot boot on any machine is refused before anything is switched on. */
export const firmware: readonly Defect[] = [
  {
    name: 'disk-blank',
    what: 'a disk without a byte on it',
    cell: bios,
    make: disk('qemu', { bytes: [{ at: 0, data: Buffer.alloc(4 << 20) }] }),
    expect: { refused: /blank, without a boot sector/ },
  },
  {
    name: 'boot-sector-unsigned',
    what: 'no 55 AA at the end of the boot sector',
    cell: bios,
    make: disk('qemu', { bytes: [{ at: 510, data: Buffer.alloc(2) }] }),
    expect: { refused: /boot sector|boot code/ },
  },
  {
    name: 'boot-sector-gives-up',
    what: 'a boot sector that hands back to the BIOS (int 18h)',
    cell: bios,
    make: disk('qemu', { bytes: [{ at: 0, data: Buffer.from('cd18f4ebfd', 'hex') }] }),
    expect: { phase: 'firmware', reason: nothing },
  },
  {
    name: 'boot-sector-halts',
    what: 'a boot sector that halts the processor',
    cell: bios,
    make: disk('qemu', { bytes: [{ at: 0, data: Buffer.from('faf4ebfd', 'hex') }] }),
    expect: { phase: 'firmware', reason: /processor is halted for good/ },
  },
  {
    name: 'boot-sector-resets',
    what: 'a boot sector that resets the machine, for ever',
    cell: bios,
    make: disk('qemu', { bytes: [{ at: 0, data: Buffer.from('ea0000ffff', 'hex') }] }),
    expect: { phase: 'firmware', reason: /resets itself in phase firmware/ },
  },
  {
    name: 'esp-no-loader',
    what: 'no EFI/BOOT/BOOTX64.EFI',
    cell: uefi,
    make: disk('qemu-efi', { esp: [{ path: loader, remove: true }] }),
    expect: { refused: /BOOTX64\.EFI/ },
  },
  {
    name: 'esp-loader-is-text',
    what: 'BOOTX64.EFI is no program',
    cell: uefi,
    make: disk('qemu-efi', { esp: [{ path: loader, change: become('not a program\n') }] }),
    expect: { phase: 'firmware', reason: nothing },
  },
  {
    name: 'esp-loader-truncated',
    what: 'half of BOOTX64.EFI',
    cell: uefi,
    make: disk('qemu-efi', { esp: [{ path: loader, change: truncate(0.5) }] }),
    expect: { phase: 'firmware', reason: nothing },
  },
  {
    name: 'esp-loader-for-arm',
    what: "BOOTX64.EFI's header says AArch64",
    cell: uefi,
    make: disk('qemu-efi', { esp: [{ path: loader, change: (content) => machineType(content, 0xaa64) }] }),
    expect: { phase: 'firmware', reason: nothing },
  },
  {
    name: 'esp-loader-under-odd-tmpdir',
    what: 'BOOTX64.EFI is no program on a disk that a BIOS boots, too, and TMPDIR means something to mtools',
    cell: uefi,
    make: disk('qemu-efi', {
      esp: [{ path: loader, change: become('not a program\n') }],
      bytes: [{ at: 0, data: Buffer.from('faf4ebfd', 'hex') }],
    }),
    temporary: 'a$b@@1M',
    expect: { phase: 'firmware', reason: nothing },
  },
  {
    name: 'iso-efi-under-pc-platform',
    what: 'BOOTX64.EFI is no program, and its boot entry claims to be for a PC BIOS',
    cell: 'iso-installer.x86_64.uefi.cdrom',
    make: isoEfiUnderPc([{ path: loader, change: become('not a program\n') }]),
    expect: { phase: 'firmware', reason: nothing },
  },
  {
    name: 'name-not-utf8',
    what: 'a text beside a sound image, called .qcow2 in Latin-1',
    cell: bios,
    make: beside(notUtf8),
    expect: { refused: /a name that is not UTF-8/ },
  },
  {
    name: 'link-to-nowhere',
    what: 'an ISO beside a sound image that was removed: a link to it is left',
    cell: bios,
    make: beside((directory) => symlink('gone/nixos.iso', join(directory, 'nixos.iso'))),
    expect: { refused: /nixos\.iso: .*a symbolic link that leads to nothing/ },
  },
  {
    name: 'iso-no-el-torito',
    what: 'an ISO without its boot record: a CD-ROM drive finds nothing to start',
    cell: 'iso-installer.x86_64.bios.cdrom',
    make: iso({ bytes: [{ at: bootRecord, data: Buffer.alloc(2048) }] }),
    expect: { refused: /choose from (?!.*bios\.cdrom).*iso-installer\.x86_64\.bios\.usb/ },
  },
  {
    name: 'iso-truncated',
    what: 'a download that ended early',
    cell: 'iso-installer.x86_64.uefi.cdrom',
    make: iso({ share: 0.9 }),
    expect: { refused: /truncated/ },
  },
];

/** Sets the machine type in a PE program's COFF header. */
function machineType(program: Buffer, type: number): Buffer {
  const changed = Buffer.from(program);
  changed.writeUInt16LE(type, changed.readUInt32LE(0x3c) + 4);
  return changed;
}
