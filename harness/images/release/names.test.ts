import { expect, test } from 'vitest';
import type { BootPaths, DiskImage, IsoImage, NetbootImage } from '../image.ts';
import { checkNames, hasClaims } from './names.ts';
import type { Release } from './release.ts';

const x64: BootPaths = { bios: true, uefi: ['x86_64'] };
const arm: BootPaths = { bios: false, uefi: ['aarch64'] };
const bios: BootPaths = { bios: true, uefi: [] };

const disk = (name: string, boots = x64, more: Partial<DiskImage> = {}): DiskImage => ({
  kind: 'disk',
  path: `/r/${name}`,
  files: [`/r/${name}`],
  arch: boots === arm ? 'aarch64' : 'x86_64',
  driver: 'qcow2',
  virtualSize: 1,
  table: 'gpt',
  boots,
  ...more,
});
const iso = (name: string, volumeId: string, cdrom = x64): IsoImage => ({
  kind: 'iso',
  path: `/r/${name}`,
  files: [`/r/${name}`],
  arch: cdrom === arm ? 'aarch64' : 'x86_64',
  volumeId,
  cdrom,
  usb: cdrom,
});
const netboot = (script: string, arch: NetbootImage['arch']): NetbootImage => ({
  kind: 'netboot',
  path: '/r',
  files: [],
  arch,
  kernel: '/r/bzImage',
  initrd: '/r/initrd',
  initrdSize: 1,
  script: `/r/${script}`,
});
const releaseOf = (image: Release['images'][number]): Release => ({
  directory: '/r',
  images: [image],
  lists: [],
  files: [],
  isWhole: true,
});

test.each([
  [iso('nixos-minimal-25.05-x86_64-linux.iso', 'nixos-minimal-25.05-x86_64')],
  [iso('nixos-installer-aarch64-linux.iso', 'nixos-25.11-aarch64', arm)],
  [netboot('netboot-aarch64-linux.ipxe', 'aarch64')],
  [disk('nixos-x86_64-and-aarch64.qcow2', arm)],
  [disk('nixos-efi.qcow2')],
  [disk('debian-13-arm64.img', arm)],
  [disk('nixos.raw.tar.gz', bios, { archive: { kind: 'google-compute', compression: 'gzip' } })],
  [disk('nixos-efi.img.zst', arm, { kernelNamedBy: 'extlinux', boots: { bios: false, uefi: [] } })],
])('%o is what it is called', (image) => {
  expect(checkNames(releaseOf(image)).faults).toEqual([]);
});

test.each([
  [iso('nixos-aarch64-linux.iso', 'nixos'), 'an image for aarch64, as its name says', 'one for x86_64'],
  [
    iso('nixos-x86_64.iso', 'nixos-25.05-aarch64'),
    'an image for aarch64, as its volume id nixos-25.05-aarch64 says',
    'one for x86_64',
  ],
  [
    iso('nixos-25.11-x86_64.iso', 'nixos-25.05-x86_64'),
    'a volume id of 25.11, as its name says',
    'nixos-25.05-x86_64',
  ],
  [
    netboot('netboot-x86_64-linux.ipxe', 'aarch64'),
    'an image for x86_64, as its name says',
    'one for aarch64',
  ],
  [disk('nixos.iso'), 'iso, as its name says', 'qcow2'],
  [
    disk('nixos.vmdk.gz', x64, { archive: { kind: 'compressed', compression: 'gzip' } }),
    'vmdk, as its name says',
    'qcow2',
  ],
  [
    disk('nixos-efi.qcow2', bios),
    'a fallback loader for UEFI (EFI/BOOT/BOOTX64.EFI or BOOTAA64.EFI), as its name says efi',
    'none',
  ],
])('%o is not', (image, expected, got) => {
  expect(checkNames(releaseOf(image)).faults).toEqual([{ action: expect.any(String), expected, got }]);
});

test.each([
  [disk('nixos-efi.qcow2'), false],
  [disk('society-1.2.3.qcow2'), false],
  [disk('nixos-x86_64-linux.qcow2'), true],
  [iso('nixos-25.05.iso', ''), true],
])('%o promises something: %s', (image, claims) => expect(hasClaims(releaseOf(image))).toBe(claims));
