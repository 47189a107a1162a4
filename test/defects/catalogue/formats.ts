import type { Defect } from '../defect.ts';
import { replaceText } from '../make/contents.ts';
import { disk } from '../make/disk.ts';
import { netbootForArm } from '../make/netboot-aarch64.ts';
import { wrapped } from '../make/wrapped.ts';

const menu = '/boot/grub/grub.cfg';
const kernel = '/boot/bzImage';
const noKernel = disk('qemu', { root: [{ path: kernel, remove: true }] });
const noRoot = disk('qemu', {
  root: [{ path: menu, change: replaceText('root=LABEL=nixos', 'root=LABEL=gone') }],
});

const netbootForArmCell = 'netboot.aarch64.uefi.pxe';
const chainMissing = replaceText('imgfree', 'imgfetch ${net0/ip}.ipxe');
// iPXE 1.21 and 2.0 have other words for it.
const noSuchFile = /after iPXE had run, iPXE said (?:Not found|No such file or directory) /;
const noInit = disk('qemu-efi-aarch64', { root: [{ path: '/usr/lib/systemd/systemd', remove: true }] });

/** A shell line that takes a tar archive apart, changes it in the directory `t`, and packs it again in the same order. */
const repack = (change: string, packer = 'cat'): string =>
  `mkdir t; tar -tf "$1" > order; tar -xf "$1" -C t; ${change}; tar -C t --no-recursion -cf - -T order | ${packer} > new; mv new "$1"`;

const noLoader = disk('qemu-efi', { esp: [{ path: 'EFI/BOOT/BOOTX64.EFI', remove: true }] });

/** A cloud's qcow2 differs from another one by its machine: that it has no kernel must be told on each. */
const cloudsWithoutKernel: readonly Defect[] = (['cloudstack', 'kubevirt', 'openstack'] as const).map(
  (name) => ({
    name: `${name}-no-kernel`,
    what: 'a qcow2 whose disk has no kernel',
    cell: `${name}.x86_64.bios.disk`,
    make: wrapped(name, 'qemu', { disk: noKernel }),
    expect: { phase: 'bootloader', reason: /GRUB could not load .*bzImage' not found/ },
  }),
);

/** No firmware for UEFI starts it. */
const withoutLoader: readonly Defect[] = (['openstack-zfs', 'oci', 'raw-efi-zst'] as const).map((name) => ({
  name: `${name}-no-loader`,
  what: 'an EFI system partition without its fallback loader',
  cell: `${name.replace('-zst', '')}.x86_64.uefi.disk`,
  make: wrapped(name, 'qemu-efi', { disk: noLoader }),
  expect: { refused: /BOOTX64\.EFI/ },
}));

/** What a format adds to a disk, and what its platform needs of it. */
export const formats: readonly Defect[] = [
  ...cloudsWithoutKernel,
  ...withoutLoader,
  {
    name: 'digital-ocean-no-kernel',
    what: 'a compressed qcow2 whose disk has no kernel',
    cell: 'digital-ocean.x86_64.bios.disk',
    make: wrapped('digital-ocean', 'qemu', { disk: noKernel }),
    expect: { phase: 'bootloader', reason: /GRUB could not load .*bzImage' not found/ },
  },
  {
    name: 'google-compute-cut-off',
    what: 'an upload that ended early',
    cell: 'google-compute.x86_64.bios.disk',
    make: wrapped('google-compute', 'qemu', { file: 'truncate -s -1000000 "$1"' }),
    expect: { opened: /raw\.tar\.gz: expected a whole gzip-compressed file, got one that is cut off/ },
  },
  {
    name: 'google-compute-other-member',
    what: 'a disk that is not called disk.raw, as Google Compute Engine wants it',
    cell: 'google-compute.x86_64.bios.disk',
    make: wrapped('google-compute', 'qemu', {
      file: 'tar -xf "$1"; mv disk.raw nixos.raw; tar -Sc nixos.raw | gzip -1 > "$1"',
    }),
    expect: { refused: /a gzip-compressed tar archive without a disk that is known/ },
  },
  {
    name: 'google-compute-no-root',
    what: 'a command line that names a root that no disk has',
    cell: 'google-compute.x86_64.bios.disk',
    make: wrapped('google-compute', 'qemu', { disk: noRoot }),
    expect: { phase: 'initrd', reason: /gone/ },
  },
  {
    name: 'proxmox-extent-damaged',
    what: "a byte of an extent's header that is not what it was",
    cell: 'proxmox.x86_64.bios.disk',
    make: wrapped('proxmox', 'qemu', {
      // A header of 12,800 bytes; the first extent's is behind it.
      file: 'zstd -qdf "$1" -o a.vma; printf x | dd of=a.vma bs=1 seek=12900 conv=notrunc status=none; zstd -qf -1 a.vma -o "$1"',
    }),
    expect: {
      refused: /vma\.zst: expected a whole VMA archive, got an extent that does not match its checksum/,
    },
  },
  {
    name: 'proxmox-no-kernel',
    what: 'a disk in a VMA archive that has no kernel',
    cell: 'proxmox.x86_64.bios.disk',
    make: wrapped('proxmox', 'qemu', { disk: noKernel }),
    expect: { phase: 'bootloader', reason: /GRUB could not load .*bzImage' not found/ },
  },
  {
    name: 'virtualbox-manifest-broken',
    what: 'an OVF that was edited after its manifest was written',
    cell: 'virtualbox.x86_64.bios.disk',
    make: wrapped('virtualbox', 'qemu', {
      file: repack("sed -i 's/A virtual machine/Another machine/' t/nixos.ovf"),
    }),
    expect: {
      opened: /nixos\.ova: expected a manifest that matches its files, got other bytes in nixos\.ovf/,
    },
  },
  {
    name: 'virtualbox-other-disk',
    what: 'an OVF that describes a larger disk than the one beside it',
    cell: 'virtualbox.x86_64.bios.disk',
    make: wrapped('virtualbox', 'qemu', {
      file: repack(
        'sed -i "s/ovf:capacity=\\"[0-9]*\\"/ovf:capacity=\\"4294967296\\"/" t/nixos.ovf; rm t/nixos.mf; sed -i /mf/d order',
      ),
    }),
    expect: { opened: /expected a disk of 4294967296 bytes, as the OVF says, got 2149580800/ },
  },
  {
    name: 'vagrant-virtualbox-disk-outside',
    what: "an OVF whose disk is a file of the host's",
    cell: 'vagrant-virtualbox.x86_64.bios.disk',
    make: wrapped('vagrant-virtualbox', 'qemu', {
      file: repack('sed -i "s#ovf:href=\\"[^\\"]*#ovf:href=\\"/etc/passwd#" t/box.ovf', 'gzip -1'),
    }),
    expect: { refused: /an OVF whose disk is \/etc\/passwd, outside of the archive/ },
  },
  {
    name: 'linode-no-kernel',
    what: 'a file system whose menu names a kernel that is not there',
    cell: 'linode.x86_64.bios.disk',
    make: wrapped('linode', 'qemu', { disk: noKernel }),
    expect: { opened: /a file system in which no bootloader's configuration names a kernel that is there/ },
  },
  {
    name: 'linode-no-root',
    what: 'a command line that names a root that no disk has',
    cell: 'linode.x86_64.bios.disk',
    make: wrapped('linode', 'qemu', { disk: noRoot }),
    expect: { phase: 'initrd', reason: /gone/ },
  },
  {
    name: 'sd-card-no-kernel',
    what: 'an SD card whose extlinux.conf names a kernel that is not there',
    cell: 'sd-card.x86_64.bios.disk',
    make: wrapped('sd-card', 'qemu', { disk: noKernel }),
    expect: { opened: /neither BIOS boot code nor/ },
  },
  {
    name: 'sd-card-aarch64-no-init',
    what: 'an SD card for aarch64 without an init',
    cell: 'sd-card.aarch64.u-boot.disk',
    make: wrapped('sd-card-aarch64', 'qemu-efi-aarch64', {
      disk: noInit,
    }),
    expect: { phase: 'initrd', reason: /init|systemd|switch.root/i },
  },
  {
    name: 'netboot-aarch64-chain-missing',
    what: 'a script that asks for a file that is not there, by a name that only iPXE knows, on aarch64',
    cell: netbootForArmCell,
    make: netbootForArm({ script: chainMissing }),
    expect: { phase: 'bootloader', reason: noSuchFile },
  },
  {
    name: 'netboot-aarch64-chain-missing-silent',
    what: 'a script that asks for a file that is not there, by a name that only iPXE knows, on aarch64; silent on serial',
    cell: netbootForArmCell,
    make: netbootForArm({ script: chainMissing, silent: true }),
    expect: { phase: 'bootloader', reason: noSuchFile },
  },
  {
    name: 'netboot-aarch64-no-init',
    what: 'a netboot set for aarch64 without an init',
    cell: netbootForArmCell,
    make: netbootForArm({ disk: noInit }),
    expect: { phase: 'initrd', reason: /init|systemd|switch.root/i },
  },
  {
    name: 'netboot-aarch64-no-init-silent',
    what: 'a netboot set for aarch64 without an init; silent on serial',
    cell: netbootForArmCell,
    make: netbootForArm({ disk: noInit, silent: true }),
    expect: { phase: 'initrd', reason: /init|systemd|switch.root/i },
  },
  {
    name: 'iso-zst-changed',
    what: 'a compressed ISO in which a byte is not what it was',
    cell: 'iso-installer.x86_64.bios.cdrom',
    make: wrapped('iso-zst', 'iso-installer', {
      file: 'printf x | dd of="$1" bs=1 seek=100000000 conv=notrunc status=none',
    }),
    expect: { opened: /iso\.zst: expected a whole zstd-compressed file, got/ },
  },
  {
    name: 'raw-cut-off',
    what: 'a download that ended early',
    cell: 'raw.x86_64.bios.disk',
    make: wrapped('raw', 'qemu', { file: 'truncate -s -4000000 "$1"' }),
    expect: {
      refused: /nixos\.img: expected a disk image with a sound partition table, got .* it is truncated/,
    },
  },
  {
    name: 'hyperv-cut-off',
    what: 'a VHDX whose last blocks are not there',
    cell: 'hyperv.x86_64.uefi.disk',
    make: wrapped('hyperv', 'qemu-efi', { file: 'truncate -s -40000000 "$1"' }),
    expect: { refused: /expected a whole vhdx image, got one that qemu-img refuses .*truncated/ },
  },
  {
    name: 'vmware-cut-off',
    what: 'a VMDK whose last grains are not there',
    cell: 'vmware.x86_64.uefi.disk',
    make: wrapped('vmware', 'qemu-efi', { file: 'truncate -s -40000000 "$1"' }),
    expect: { refused: /expected a whole vmdk image, got a truncated one/ },
  },
  {
    name: 'azure-no-footer',
    what: 'a VHD that was grown after its footer was written',
    cell: 'azure.x86_64.bios.disk',
    make: wrapped('azure', 'qemu', { file: 'truncate -s +1048576 "$1"' }),
    expect: { refused: /nixos\.vhd: expected a VHD with its footer at its end, got none there/ },
  },
];
