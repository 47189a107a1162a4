import { basename } from 'node:path';
import type { Allowance } from '../difference.ts';
import type { Rung } from '../events.ts';
import type { Archive, DiskImage, Image } from '../images/image.ts';
import { agents, ofLiveMedia, ownOfFormats } from './platforms.ts';
import type { DiskBus, ExternalKernel, Medium } from './cell.ts';

/** A row of the format table: which images it is for, and the machines that its platform would boot them on. */
export interface Format {
  /** First part of a cell's id, and the name of a flake's package. */
  name: string;
  /** What is published, a few words for docs/formats.md. */
  what: string;
  /** How what a machine reads comes out of it. @default it is read as it lies there */
  opened?: string;
  /** Whether an image's content fits. */
  fits: (image: Image) => boolean;
  /** Where content alone fits several rows: the row whose pattern the file's name has goes before those without one. */
  fileName?: RegExp;
  media: readonly Medium[];
  /** Bus of the fixed disk; the initrds of many formats know one only. */
  diskBus: DiskBus;
  /** Guest memory in MiB. */
  memoryMiB: (image: Image) => number;
  /** What overlay and scratch files may grow to on the host, in MiB. */
  diskMiB: number;
  /** How its cells are booted, one after the other, until somebody gets in. @default every rung */
  ladder?: readonly Rung[];
  /** The platform starts the kernel of an x86_64 image itself. @default a bootloader of the image's is started */
  externalKernel?: ExternalKernel;
  /** A second disk that its platform's machines have, blank; MiB. @default none */
  blankDiskMiB?: number;
  /** The platform gives its machines the channel of QEMU's guest agent, and the image runs one. @default no */
  guestAgent?: true;
  /** What its platform brings into the one configuration that all formats are made of: no drift. @default nothing */
  brings?: readonly Allowance[];
}

type Disk = (disk: DiskImage) => boolean;

const disk =
  (...conditions: Disk[]) =>
  (image: Image): boolean =>
    image.kind === 'disk' && conditions.every((condition) => condition(image));
const driver =
  (name: DiskImage['driver']): Disk =>
  (image) =>
    image.driver === name;
/** Shipped in an archive of this kind. */
const packed =
  (...kinds: Archive['kind'][]): Disk =>
  ({ archive }) =>
    archive !== undefined && kinds.includes(archive.kind);
const namedBy =
  (where: DiskImage['kernelNamedBy']): Disk =>
  ({ kernelNamedBy }) =>
    kernelNamedBy === where;
const bios: Disk = ({ boots }) => boots.bios && boots.uefi.length === 0;
const uefi: Disk = ({ boots }) => boots.uefi.length > 0;

const installed = {
  media: ['disk'],
  diskBus: 'sata',
  memoryMiB: () => 1536,
  diskMiB: 1024,
  brings: ownOfFormats,
} as const;
const cloud = { ...installed, diskBus: 'virtio-blk' } as const;
/** What the platform starts without a bootloader of the image's has no menu either. */
const withoutMenu: readonly Rung[] = ['shipped', 'credentials', 'kernel'];
const live = { diskBus: 'sata', memoryMiB: () => 2048, brings: ofLiveMedia } as const;

/**
 * THE format table; the first row that fits an image is its format. What each format is inside is known from nixpkgs
 * (`nixos/modules/image`, `nixos/modules/virtualisation/*-image.nix`): a row's bus is the one that its initrd has a driver for.
 */
export const formats: readonly Format[] = [
  {
    ...live,
    name: 'iso-installer',
    what: 'an ISO 9660 medium that is a disk too (hybrid): isolinux, GRUB and an MBR or GPT',
    fits: isHybrid,
    media: ['cdrom', 'usb'],
    diskMiB: 512,
  },
  {
    ...live,
    name: 'iso',
    what: 'an ISO 9660 medium that starts as a CD-ROM only (El Torito)',
    fits: ({ kind }) => kind === 'iso',
    media: ['cdrom'],
    diskMiB: 64,
  },
  {
    ...live,
    name: 'netboot',
    what: 'kernel, initrd and the iPXE script that names them, side by side',
    fits: ({ kind }) => kind === 'netboot',
    media: ['pxe'],
    memoryMiB: netbootMemoryMiB,
    diskMiB: 64,
  },
  {
    ...cloud,
    name: 'digital-ocean',
    what: 'a gzip-compressed qcow2 with `digital-ocean` in its name',
    opened: 'gzip; then the qcow2',
    fits: disk(driver('qcow2'), bios, packed('compressed')),
    fileName: /digital-?ocean/i,
  },
  {
    ...cloud,
    name: 'google-compute',
    what: 'a tar archive, mostly gzip, with one file `disk.raw`, sparse or not',
    opened: 'gzip, bsdtar, tar-stream; then the raw disk',
    fits: disk(packed('google-compute')),
    diskBus: 'virtio-scsi',
  },
  {
    ...cloud,
    name: 'proxmox',
    what: 'a VMA archive (`vzdump-qemu-*.vma`), mostly zstd',
    opened: "zstd; the VMA's extents by the harness, each held against its checksum",
    fits: disk(packed('vma')),
  },
  {
    ...installed,
    name: 'vagrant-virtualbox',
    what: 'a tar archive `*.box` with `metadata.json`, `Vagrantfile`, `box.ovf` and a disk',
    opened: 'gzip, bsdtar, tar-stream; the OVF is held against its disk',
    fits: disk(packed('vagrant-box')),
  },
  {
    ...installed,
    name: 'linode',
    what: 'a compressed ext4 file system without partition table or boot sector',
    opened: 'gzip; kernel and initrd as its `/boot` names them',
    fits: disk(namedBy('file-system')),
    diskBus: 'virtio-scsi',
    blankDiskMiB: 512,
    ladder: withoutMenu,
    externalKernel: {
      options: ['root=/dev/sda', 'console=ttyS0,19200n8'],
      note: 'Linode starts the kernel and initrd that the configuration in /boot names, and so does QEMU here',
    },
  },
  {
    ...installed,
    name: 'sd-card',
    what: 'a disk, mostly zstd, with a bootable partition that has `/boot/extlinux/extlinux.conf`',
    opened: 'zstd; on x86_64 kernel and initrd as extlinux.conf names them',
    fits: disk(namedBy('extlinux')),
    ladder: withoutMenu,
    externalKernel: {
      options: [],
      note: 'no firmware of a PC reads extlinux.conf: QEMU starts the kernel and initrd that it names',
    },
  },
  {
    ...cloud,
    name: 'cloudstack',
    what: 'a qcow2 with BIOS boot code and `cloudstack` in its name',
    fits: disk(driver('qcow2'), bios),
    fileName: /cloudstack/i,
  },
  {
    ...cloud,
    name: 'kubevirt',
    what: 'a qcow2 with BIOS boot code and `kubevirt` in its name',
    fits: disk(driver('qcow2'), bios),
    fileName: /kubevirt/i,
    guestAgent: true,
  },
  {
    ...cloud,
    name: 'openstack',
    what: 'a qcow2 with BIOS boot code and `openstack` in its name',
    fits: disk(driver('qcow2'), bios),
    fileName: /openstack/i,
  },
  {
    ...cloud,
    name: 'openstack-zfs',
    what: 'a qcow2 with a loader for UEFI and `openstack` in its name',
    fits: disk(driver('qcow2'), uefi),
    fileName: /openstack/i,
  },
  {
    ...cloud,
    name: 'oci',
    what: "a qcow2 with a loader for UEFI and the word `oci` in its name: a disk of Oracle's cloud",
    fits: disk(driver('qcow2'), uefi),
    fileName: /(^|[-_.])oci([-_.]|$)/i,
    diskBus: 'virtio-scsi',
  },
  { ...installed, name: 'qemu', what: 'a qcow2 with BIOS boot code', fits: disk(driver('qcow2'), bios) },
  {
    ...installed,
    name: 'qemu-efi',
    what: 'a qcow2 with a loader for UEFI',
    fits: disk(driver('qcow2'), uefi),
  },
  {
    ...installed,
    name: 'raw',
    what: 'a raw disk with BIOS boot code, plain or in gzip, xz or zstd',
    opened: 'gzip, xz or zstd where it is packed',
    fits: disk(driver('raw'), bios),
  },
  {
    ...installed,
    name: 'raw-efi',
    what: 'a raw disk with a loader for UEFI, plain or in gzip, xz or zstd',
    opened: 'gzip, xz or zstd where it is packed',
    fits: disk(driver('raw'), uefi),
  },
  { ...installed, name: 'hyperv', what: 'a VHDX', fits: disk(driver('vhdx')) },
  {
    ...installed,
    name: 'azure',
    what: 'a VHD, fixed, with its footer at its end',
    fits: disk(driver('vpc')),
  },
  {
    ...installed,
    name: 'virtualbox',
    what: 'an OVA: a tar archive with OVF, manifest and disk; or a VDI',
    opened: "bsdtar, tar-stream; the manifest's digests are proven, the OVF is held against its disk",
    fits: disk((image) => packed('ova')(image) || driver('vdi')(image)),
  },
  { ...installed, name: 'vmware', what: 'a VMDK', fits: disk(driver('vmdk')) },
];

/** What the platform of a format brings into its images: what is no drift. */
export const broughtBy = (format: string): readonly Allowance[] => [
  ...(formats.find(({ name }) => name === format)?.brings ?? []),
  ...(agents[format] ?? []),
];

/** Names of the rows, in table order; also the names of a flake's packages that can be booted. */
export const formatNames: readonly string[] = formats.map(({ name }) => name);

/** The row of the format table for an image. */
export function formatOf(image: Image): Format {
  const fitting = formats.filter(({ fits }) => fits(image));
  const row =
    fitting.find(({ fileName }) => fileName?.test(basename(image.path))) ??
    fitting.find(({ fileName }) => fileName === undefined);
  if (row === undefined) throw new Error(`no row of the format table fits ${image.path}`);
  return row;
}

function isHybrid(image: Image): boolean {
  return image.kind === 'iso' && (image.usb.bios || image.usb.uefi.length > 0);
}

/**
 * The initrd holds the whole system. iPXE has it in memory as it came, and the unpacked system must fit into the half
 * of memory that a tmpfs gets: five times its size leaves room for one that is compressed to a third.
 */
function netbootMemoryMiB(image: Image): number {
  const initrdMiB = image.kind === 'netboot' ? image.initrdSize / (1 << 20) : 0;
  return Math.ceil((1024 + 5 * initrdMiB) / 256) * 256;
}
