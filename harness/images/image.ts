/** What an artefact is, told by its bytes. */

export type Arch = 'x86_64' | 'aarch64';

/** Which ways to start an image its bytes offer. */
export interface BootPaths {
  /** Boot code for a PC BIOS. */
  bios: boolean;
  /** Architectures with a removable-media UEFI loader (`EFI/BOOT/BOOT<arch>.EFI`). */
  uefi: Arch[];
}

interface ImageBase {
  /** The path that was found: a file, or the directory of a netboot set. Absolute. */
  path: string;
  /** Every file that the machine reads, absolute; their digests are in the report. */
  files: string[];
  arch: Arch;
}

/** QEMU block drivers that hold a whole disk. */
export type DiskDriver = 'raw' | 'qcow2' | 'vmdk' | 'vhdx' | 'vdi' | 'vpc';

/** A disk with a partition table or boot sector. */
export interface DiskImage extends ImageBase {
  kind: 'disk';
  driver: DiskDriver;
  /** Bytes as the guest sees them. */
  virtualSize: number;
  table: 'mbr' | 'gpt' | 'none';
  boots: BootPaths;
}

/** An ISO 9660 medium, which boots in two ways that differ: as a CD-ROM (El Torito) and as a USB stick (its MBR or GPT). */
export interface IsoImage extends ImageBase {
  kind: 'iso';
  volumeId: string;
  cdrom: BootPaths;
  usb: BootPaths;
}

/** Kernel, initrd and iPXE script side by side. */
export interface NetbootImage extends ImageBase {
  kind: 'netboot';
  kernel: string;
  initrd: string;
  /** Bytes of everything that is loaded as initrd. */
  initrdSize: number;
  script: string;
}

export type Image = DiskImage | IsoImage | NetbootImage;
