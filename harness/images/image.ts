/** What an artefact is, told by its bytes. */

export type Arch = 'x86_64' | 'aarch64';

/** Which ways to start an image its bytes offer. */
export interface BootPaths {
  /** Boot code for a PC BIOS. */
  bios: boolean;
  /** Architectures with a removable-media UEFI loader (`EFI/BOOT/BOOT<arch>.EFI`). */
  uefi: Arch[];
}

export type Compression = 'gzip' | 'xz' | 'zstd';

/** What an image is shipped in: one file that is compressed, or an archive with a disk in it. */
export interface Archive {
  kind: 'compressed' | 'google-compute' | 'ova' | 'vagrant-box' | 'vma';
  /** Around all of it; absent where there is none. */
  compression?: Compression;
}

interface ImageBase {
  /**
   * The path that was found: a file, or the directory of a netboot set. Of an archive that was opened it is the image inside.
   * Absolute.
   */
  path: string;
  /** What it came in; its other properties are those of the image inside. Absent for a file that a machine can read. */
  archive?: Archive;
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
  /** It has an EFI system partition, by its type. @default no */
  hasEsp?: true;
  /**
   * It has no boot code, and its platform's loader starts the kernel that it names: in `/boot/extlinux/extlinux.conf` of a
   * bootable partition, as U-Boot reads it, or in `/boot` of a disk that is one file system. Absent: it boots by itself.
   */
  kernelNamedBy?: 'extlinux' | 'file-system';
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
