import type { Arch, Archive, BootPaths, DiskDriver, DiskImage, Image } from '../../harness/images/image.ts';
import type { Cell } from '../../harness/matrix/cell.ts';
import { planCells } from '../../harness/matrix/cells.ts';

const ways: readonly BootPaths[] = [
  { bios: true, uefi: [] },
  { bios: false, uefi: ['x86_64'] },
  { bios: false, uefi: ['aarch64'] },
];
const archs = ['x86_64', 'aarch64'] as const;
const none: BootPaths = { bios: false, uefi: [] };
const drivers: readonly DiskDriver[] = ['raw', 'qcow2', 'vmdk', 'vhdx', 'vdi', 'vpc'];
const archives: readonly (Archive['kind'] | undefined)[] = [
  undefined,
  'compressed',
  'google-compute',
  'ova',
  'vagrant-box',
  'vma',
];

/** Every cell that the table plans for images of this name, whatever is in them. */
export function cellsCalled(name: string): Cell[] {
  const cells = imagesCalled(`/i/nixos-image-${name}`).flatMap((image) => planCells([image]));
  return cells.filter((cell) => cell.format === name);
}

function imagesCalled(path: string): Image[] {
  const disks = drivers.flatMap((driver) => archives.flatMap((kind) => disksOf(path, driver, kind)));
  const isos = ways.flatMap((cdrom) => [isoOf(path, cdrom, none), isoOf(path, cdrom, cdrom)]);
  const sets = archs.map((arch): Image => ({
    kind: 'netboot',
    path,
    files: [path],
    arch,
    kernel: path,
    initrd: path,
    initrdSize: 0,
    script: path,
  }));
  return [...disks, ...isos, ...sets];
}

function disksOf(path: string, driver: DiskDriver, kind: Archive['kind'] | undefined): DiskImage[] {
  const disk = (arch: Arch, boots: BootPaths, kernelNamedBy?: DiskImage['kernelNamedBy']): DiskImage => ({
    kind: 'disk',
    path,
    files: [path],
    arch,
    driver,
    virtualSize: 1 << 30,
    table: 'gpt',
    boots,
    ...(kind === undefined ? {} : { archive: { kind } }),
    ...(kernelNamedBy === undefined ? {} : { kernelNamedBy }),
  });
  return [
    ...ways.map((boots) => disk(boots.uefi[0] ?? 'x86_64', boots)),
    ...archs.flatMap((arch) => [disk(arch, none, 'extlinux'), disk(arch, none, 'file-system')]),
  ];
}

const isoOf = (path: string, cdrom: BootPaths, usb: BootPaths): Image => ({
  kind: 'iso',
  path,
  files: [path],
  arch: cdrom.uefi[0] ?? 'x86_64',
  volumeId: '',
  cdrom,
  usb,
});
