import type { Rung } from '../events.ts';
import type { Arch, Image } from '../images/image.ts';
import type { Release } from '../images/release/release.ts';

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

/** The unit that is scheduled, run and reported. */
interface CellBase {
  /** Unique in a run. */
  id: string;
  /** Name of the row in the format table, or `release-files`. */
  format: string;
  /** Tells it from another one of the same kind in this run; the last part of its id. */
  label?: string;
  /** Guest memory in MiB. */
  memoryMiB: number;
  /** What its overlay and scratch files may come to on the host's disk, in MiB. */
  diskMiB: number;
  /** The id of the cell that this one runs once more; absent for that one itself. */
  repeatOf?: string;
  /** Why it cannot be run, one sentence; absent when it can. */
  skip?: string;
}

/** What a release is published with, checked without a machine; its id is `release-files`, plus `.<label>`. */
export interface ReleaseCell extends CellBase {
  format: typeof releaseFiles;
  release: Release;
  /** The names of its checks, in the order in which they run. */
  checks: readonly string[];
}

/** Its id, and what stands in place of a format. */
export const releaseFiles = 'release-files';

/** A cell of a matrix, with a machine or without. */
export type AnyCell = Cell | ReleaseCell;

export const isReleaseCell = (cell: AnyCell): cell is ReleaseCell => 'release' in cell;

/** One image on one machine; its id is `<format>.<arch>.<firmware>.<medium>`, plus `.<label>`. */
export interface Cell extends CellBase {
  arch: Arch;
  firmware: Firmware;
  medium: Medium;
  /** Bus of the fixed disk; meaningless for other media. */
  diskBus: DiskBus;
  image: Image;
  /** Its platform starts the kernel that the image names, and no bootloader of the image's. @default no */
  externalKernel?: ExternalKernel;
  /** A second fixed disk that is blank, of so many MiB. @default none */
  blankDiskMiB?: number;
  /** How it is booted, one after the other, until somebody gets in. @default every rung */
  ladder?: readonly Rung[];
  /** Whether its platform gives machines the channel of QEMU's guest agent. @default no */
  guestAgent?: true;
}
