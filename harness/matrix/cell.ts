import type { Rung } from '../events.ts';
import type { Arch, Image } from '../images/image.ts';

export type Firmware = 'bios' | 'uefi' | 'u-boot';
/** How the machine gets the image: `disk` fixed disk, `cdrom` optical drive, `usb` stick, `pxe` network. */
export type Medium = 'disk' | 'cdrom' | 'usb' | 'pxe';
/** The bus of a fixed disk. */
export type DiskBus = 'sata' | 'virtio-blk' | 'virtio-scsi';

/** A kernel that the platform starts as the image's configuration names it. */
export interface ExternalKernel {
  /** What the platform puts on its command line where the image's own names none: e.g. `root=/dev/sda`. */
  options: readonly string[];
  /** Said in the report: who starts it in place of the image's bootloader. */
  note: string;
}

/** One image on one machine: the unit that is scheduled, run and reported. */
export interface Cell {
  /** `<format>.<arch>.<firmware>.<medium>`, plus `.<label>` where a run has several images of the same kind. */
  id: string;
  /** Name of the row in the format table. */
  format: string;
  /** Tells it from another image of the same kind in this run; the last part of its id. */
  label?: string;
  arch: Arch;
  firmware: Firmware;
  medium: Medium;
  /** Bus of the fixed disk; meaningless for other media. */
  diskBus: DiskBus;
  /** Guest memory in MiB. */
  memoryMiB: number;
  /** What its overlay and scratch files may come to on the host's disk, in MiB. */
  diskMiB: number;
  image: Image;
  /** Its platform starts the kernel that the image names, and no bootloader of the image's. @default no */
  externalKernel?: ExternalKernel;
  /** A second fixed disk that is blank, of so many MiB. @default none */
  blankDiskMiB?: number;
  /** How it is booted, one after the other, until somebody gets in. @default every rung */
  ladder?: readonly Rung[];
  /** Whether its platform gives machines the channel of QEMU's guest agent. @default no */
  guestAgent?: true;
  /** The id of the cell that this one runs once more; absent for that one itself. */
  repeatOf?: string;
  /** Why it cannot be run, one sentence; absent when it can. */
  skip?: string;
}
