import type { Defect } from '../defect.ts';
import { disk, rootOnly } from '../make/disk.ts';
import { iso, rename } from '../make/iso.ts';
import { efiOptions, grubOptions } from '../make/options.ts';

const bios = 'qemu.x86_64.bios.disk';
const uefi = 'qemu-efi.x86_64.uefi.disk';
const cdrom = 'iso-installer.x86_64.bios.cdrom';

/** systemd waits 90 s for a device; the defect is the same after a few. */
const impatient = 'systemd.default_device_timeout_sec=5';

/** What the initrd does not find, or cannot start. */
export const initrd: readonly Defect[] = [
  {
    name: 'initrd-no-root-device',
    what: 'root= names a label that no disk has',
    cell: bios,
    make: disk('qemu', { root: [grubOptions(`root=LABEL=absent ${impatient}`)] }),
    expect: { phase: 'initrd', reason: /emergency shell, waiting for .*by-label\/absent/ },
  },
  {
    name: 'initrd-root-relabelled',
    what: 'the root file system lost its label',
    cell: uefi,
    make: disk('qemu-efi', { root: [{ label: 'other' }], esp: [efiOptions(impatient)] }),
    expect: { phase: 'initrd', reason: /emergency shell, waiting for .*by-label\/nixos/ },
  },
  {
    name: 'initrd-root-damaged',
    what: "noise over the root file system's superblock",
    cell: uefi,
    make: disk('qemu-efi', {
      esp: [efiOptions(`root=/dev/disk/by-partlabel/nixos ${impatient}`)],
      bytes: [{ at: (129 << 20) + 1024, data: Buffer.alloc(1024, 0x5a) }],
    }),
    expect: { phase: 'initrd', reason: /emergency shell, waiting for .*by-partlabel\/nixos/ },
  },
  {
    name: 'initrd-no-squashfs',
    what: 'the squashfs has another name than the initrd looks for',
    cell: cdrom,
    make: iso({ exchanges: rename('nix-store.squashfs', 'nix-store.squashfx') }),
    expect: { phase: 'initrd', reason: /emergency shell, failed units \/run\/live\/lower/ },
  },
  {
    name: 'initrd-squashfs-damaged',
    what: "noise over the squashfs's superblock",
    cell: cdrom,
    make: iso({ exchanges: [['hsqs', 'xxxx']] }),
    expect: { phase: 'initrd', reason: /emergency shell, failed units \/run\/live\/lower/ },
  },
  {
    name: 'initrd-init-missing',
    what: 'init= names a program that the system does not have',
    cell: bios,
    make: disk('qemu', { root: [grubOptions('init=/nix/store/absent/init')] }),
    expect: { phase: 'initrd', reason: /emergency shell, failed units initrd-switch-root/ },
  },
  {
    name: 'initrd-no-os-release',
    what: 'a root file system without os-release: systemd does not switch to it',
    cell: uefi,
    ...rootOnly('qemu-efi', [
      { path: '/etc/os-release', remove: true },
      { path: '/usr/lib/os-release', remove: true },
    ]),
    expect: {
      phase: 'initrd',
      reason: /emergency shell, failed units initrd-switch-root/,
    },
  },
];
