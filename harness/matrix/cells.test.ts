import { expect, test } from 'vitest';
import type { BootPaths, DiskImage, Image, IsoImage, NetbootImage } from '../images/image.ts';
import { planCells } from './cells.ts';
import { formatNames, formatOf, formats } from './formats.ts';
import { summarize } from './summary.ts';

const bios: BootPaths = { bios: true, uefi: [] };
const uefi: BootPaths = { bios: false, uefi: ['x86_64'] };
const both: BootPaths = { bios: true, uefi: ['x86_64'] };
const none: BootPaths = { bios: false, uefi: [] };

const disk = (driver: DiskImage['driver'], boots: BootPaths, path = '/i/disk'): DiskImage => ({
  kind: 'disk',
  path,
  files: [path],
  arch: boots.bios ? 'x86_64' : (boots.uefi[0] ?? 'x86_64'),
  driver,
  virtualSize: 1 << 30,
  table: 'gpt',
  boots,
});

const iso = (cdrom: BootPaths, usb: BootPaths): IsoImage => ({
  kind: 'iso',
  path: '/i/x.iso',
  files: ['/i/x.iso'],
  arch: 'x86_64',
  volumeId: 'X',
  cdrom,
  usb,
});

const netboot = (
  arch: NetbootImage['arch'],
  initrdMiB: number,
  script = '/i/netboot.ipxe',
): NetbootImage => ({
  kind: 'netboot',
  path: '/i',
  files: ['/i/bzImage', '/i/initrd', script],
  arch,
  kernel: '/i/bzImage',
  initrd: '/i/initrd',
  initrdSize: initrdMiB << 20,
  script,
});

const ids = (...images: Image[]): string[] => planCells(images).map(({ id }) => id);

test.for([
  ['BIOS El Torito only', iso(bios, none), ['iso.x86_64.bios.cdrom']],
  [
    'hybrid ISO',
    iso(both, both),
    [
      'iso-installer.x86_64.bios.cdrom',
      'iso-installer.x86_64.bios.usb',
      'iso-installer.x86_64.uefi.cdrom',
      'iso-installer.x86_64.uefi.usb',
    ],
  ],
  [
    'only what the bytes offer',
    iso(uefi, bios),
    ['iso-installer.x86_64.bios.usb', 'iso-installer.x86_64.uefi.cdrom'],
  ],
  ['netboot', netboot('x86_64', 200), ['netboot.x86_64.bios.pxe', 'netboot.x86_64.uefi.pxe']],
  ['netboot for aarch64', netboot('aarch64', 200), ['netboot.aarch64.uefi.pxe']],
  ['qemu', disk('qcow2', bios), ['qemu.x86_64.bios.disk']],
  ['qemu-efi', disk('qcow2', uefi), ['qemu-efi.x86_64.uefi.disk']],
  ['qemu-efi, aarch64', disk('qcow2', { bios: false, uefi: ['aarch64'] }), ['qemu-efi.aarch64.uefi.disk']],
  ['a disk for both firmwares', disk('raw', both), ['raw-efi.x86_64.bios.disk', 'raw-efi.x86_64.uefi.disk']],
  ['raw', disk('raw', bios), ['raw.x86_64.bios.disk']],
  ['vmware', disk('vmdk', uefi), ['vmware.x86_64.uefi.disk']],
  ['hyperv', disk('vhdx', uefi), ['hyperv.x86_64.uefi.disk']],
  ['azure', disk('vpc', bios), ['azure.x86_64.bios.disk']],
  ['virtualbox', disk('vdi', bios), ['virtualbox.x86_64.bios.disk']],
] as const)('%s', ([, image, expected]) => {
  expect(ids(image)).toEqual(expected);
});

const packed = (
  kind: NonNullable<DiskImage['archive']>['kind'],
  driver: DiskImage['driver'],
  path = '/i/a',
  more: Partial<DiskImage> = {},
): DiskImage => ({ ...disk(driver, bios, path), archive: { kind }, ...more });

test.for([
  ['digital-ocean', packed('compressed', 'qcow2', '/i/nixos-image-digital-ocean-1.qcow2.gz'), 'virtio-blk'],
  ['qemu', packed('compressed', 'qcow2', '/i/nixos.qcow2.gz'), 'sata'],
  ['raw', packed('compressed', 'raw'), 'sata'],
  ['google-compute', packed('google-compute', 'raw'), 'virtio-scsi'],
  ['proxmox', packed('vma', 'raw'), 'virtio-blk'],
  ['virtualbox', packed('ova', 'vmdk'), 'sata'],
  ['vagrant-virtualbox', packed('vagrant-box', 'vmdk'), 'sata'],
] as const)('%s is told by what it came in', ([format, image, diskBus]) => {
  expect(planCells([image])).toMatchObject([{ id: `${format}.x86_64.bios.disk`, diskBus }]);
});

test("what boots by its platform's loader gets a machine that has it", () => {
  const linode = packed('compressed', 'raw', '/i/a', { boots: none, kernelNamedBy: 'file-system' });
  expect(planCells([linode])).toMatchObject([
    {
      id: 'linode.x86_64.bios.disk',
      diskBus: 'virtio-scsi',
      blankDiskMiB: 512,
      externalKernel: { options: ['root=/dev/sda', 'console=ttyS0,19200n8'] },
      ladder: ['shipped', 'credentials', 'kernel'],
    },
  ]);
  const card = (arch: DiskImage['arch']): DiskImage => ({
    ...disk('raw', none),
    arch,
    kernelNamedBy: 'extlinux',
  });
  const [byKernel] = planCells([card('x86_64')]);
  expect(byKernel).toMatchObject({ id: 'sd-card.x86_64.bios.disk', externalKernel: { options: [] } });
  const [byUBoot] = planCells([card('aarch64')]);
  expect(byUBoot).toMatchObject({ id: 'sd-card.aarch64.u-boot.disk' });
  expect(byUBoot?.externalKernel).toBeUndefined();
});

test.for([
  ['nixos-image-cloudstack-25.05-x86_64-linux.qcow2', bios, 'cloudstack', 'virtio-blk'],
  ['nixos-openstack-image.qcow2', bios, 'openstack', 'virtio-blk'],
  ['nixos-openstack-image.qcow2', uefi, 'openstack-zfs', 'virtio-blk'],
  ['nixos-image-oci-25.05.qcow2', uefi, 'oci', 'virtio-scsi'],
  ['oci-disk.qcow2', bios, 'qemu', 'sata'],
  ['society.qcow2', uefi, 'qemu-efi', 'sata'],
] as const)('among the rows that fit, the name %s decides', ([name, boots, format, diskBus]) => {
  expect(planCells([disk('qcow2', boots, `/i/${name}`)])[0]).toMatchObject({ format, diskBus });
});

test('a name does not make a format of what does not fit', () => {
  expect(formatOf(disk('raw', bios, '/i/cloudstack.img')).name).toBe('raw');
});

test('netboot gets memory by the size of its initrd', () => {
  const memory = (initrdMiB: number): number | undefined =>
    planCells([netboot('x86_64', initrdMiB)])[0]?.memoryMiB;
  expect([memory(10), memory(250), memory(1000)]).toEqual([1280, 2304, 6144]);
});

test('ids are in byte order; images that share one get a label', () => {
  expect(
    ids(
      disk('qcow2', bios, '/a/disk.qcow2'),
      disk('raw', bios, '/a/raw'),
      disk('qcow2', bios, '/B/disk.qcow2'),
    ),
  ).toEqual(['qemu.x86_64.bios.disk.a', 'qemu.x86_64.bios.disk.b', 'raw.x86_64.bios.disk']);
  expect(ids(netboot('x86_64', 1, '/i/old.ipxe'), netboot('x86_64', 1, '/i/new.ipxe'))).toEqual([
    'netboot.x86_64.bios.pxe.new',
    'netboot.x86_64.bios.pxe.old',
    'netboot.x86_64.uefi.pxe.new',
    'netboot.x86_64.uefi.pxe.old',
  ]);
  const cells = planCells([
    disk('qcow2', bios, '/i/nixos-silent.qcow2'),
    disk('qcow2', bios, '/i/nixos.qcow2'),
  ]);
  expect(cells.map(({ id, label }) => [id, label])).toEqual([
    ['qemu.x86_64.bios.disk', undefined],
    ['qemu.x86_64.bios.disk.silent', 'silent'],
  ]);
});

test('the table names each format once, and its rows can be told apart by their ids', () => {
  expect(new Set(formatNames).size).toBe(formats.length);
  for (const name of formatNames) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
});

test('the summary is what --list --json prints', () => {
  const cells = [
    ...planCells([netboot('aarch64', 1)]).map((cell) =>
      Object.assign(cell, { skip: 'nothing to start it with' }),
    ),
    ...planCells([disk('qcow2', bios)]),
  ];
  expect(cells.map((cell) => summarize(cell))).toEqual([
    {
      id: 'netboot.aarch64.uefi.pxe',
      format: 'netboot',
      arch: 'aarch64',
      firmware: 'uefi',
      medium: 'pxe',
      image: '/i',
      skip: 'nothing to start it with',
    },
    {
      id: 'qemu.x86_64.bios.disk',
      format: 'qemu',
      arch: 'x86_64',
      firmware: 'bios',
      medium: 'disk',
      image: '/i/disk',
    },
  ]);
});

test("only the formats whose platform has QEMU's guest agent get its channel", () => {
  const [kubevirt, qemu] = planCells([
    disk('qcow2', bios, '/i/nixos-kubevirt.qcow2'),
    disk('qcow2', bios, '/i/nixos.qcow2'),
  ]);
  expect(kubevirt).toMatchObject({ format: 'kubevirt', guestAgent: true });
  expect(qemu).not.toHaveProperty('guestAgent');
});
