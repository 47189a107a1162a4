import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { Defect } from '../defect.ts';
import { become, damage, truncate } from '../make/contents.ts';
import { behind, cpio } from '../make/cpio.ts';
import { disk } from '../make/disk.ts';
import { netboot } from '../make/netboot.ts';
import type { EspEdit } from '../make/esp.ts';
import { efiOptions, grubOptions } from '../make/options.ts';
import { earlyService } from '../make/service.ts';

const bios = 'qemu.x86_64.bios.disk';
const uefi = 'qemu-efi.x86_64.uefi.disk';
const pxe = 'netboot.x86_64.bios.pxe';
const initrd = '/boot/initrd';

const initThatEnds: EspEdit = {
  path: 'EFI/nixos/initrd.efi',
  change: behind(cpio([{ path: 'init', content: Buffer.from('#!/usr/bin/sh\nexit 3\n'), executable: true }])),
};

/** What ends in the kernel, before a program of the image runs. */
export const kernel: readonly Defect[] = [
  {
    name: 'kernel-payload-damaged',
    what: 'noise in the compressed kernel, which cannot unpack itself',
    cell: bios,
    make: disk('qemu', { root: [{ path: '/boot/bzImage', change: damage(6_000_000, 4096) }] }),
    expect: { phase: 'kernel', reason: /kernel could not unpack itself/ },
  },
  {
    name: 'kernel-efi-payload-damaged',
    what: 'the same under UEFI, where the EFI stub unpacks it',
    cell: uefi,
    make: disk('qemu-efi', { esp: [{ path: 'EFI/nixos/bzImage.efi', change: damage(6_000_000, 4096) }] }),
    expect: { phase: 'kernel', reason: /EFI stub failed: Failed to decompress kernel/ },
  },
  {
    name: 'kernel-initrd-is-text',
    what: 'an initrd that is none',
    cell: bios,
    make: disk('qemu', { root: [{ path: initrd, change: become('no initrd\n'.repeat(1000)) }] }),
    expect: { phase: 'kernel', reason: /panic(?:ked)?: VFS: Unable to mount root fs/ },
  },
  {
    name: 'kernel-initrd-truncated',
    what: 'half of an initrd',
    cell: bios,
    make: disk('qemu', { root: [{ path: initrd, change: truncate(0.5) }] }),
    expect: { phase: 'initrd', reason: /panic(?:ked)?: .*initrd could not be unpacked/ },
  },
  {
    name: 'kernel-initrd-too-big',
    what: 'an initrd that unpacks to more than the memory',
    cell: pxe,
    make: netboot({
      initrd: async (content) =>
        behind(await promisify(zstdCompress)(cpio([{ path: 'ballast', size: Math.round(1.9 * 2 ** 30) }])))(
          content,
        ),
    }),
    expect: {
      phase: 'kernel',
      reason: /out of memory while unpacking the initrd/,
    },
  },
  {
    name: 'kernel-init-ends',
    what: 'an /init that ends at once',
    cell: uefi,
    make: disk('qemu-efi', { esp: [initThatEnds] }),
    expect: { phase: 'initrd', reason: /panic(?:ked)?: Attempted to kill init!/ },
  },
  {
    name: 'kernel-init-ends-on-arm',
    what: 'the same on AArch64',
    cell: 'qemu-efi.aarch64.uefi.disk',
    make: disk('qemu-efi-aarch64', { esp: [initThatEnds] }),
    expect: { phase: 'initrd', reason: /panic(?:ked)?: Attempted to kill init!/ },
  },
  {
    name: 'kernel-panics-and-reboots',
    what: 'a panic, and panic=1: the machine starts again, for ever',
    cell: uefi,
    make: disk('qemu-efi', { esp: [initThatEnds, efiOptions('panic=1')] }),
    expect: { phase: 'initrd', reason: /panic(?:ked)?: Attempted to kill init!/ },
  },
  {
    name: 'kernel-crashes-in-userspace',
    what: 'a kernel that crashes while the system starts (sysrq)',
    cell: bios,
    make: disk('qemu', {
      root: [
        grubOptions('sysrq_always_enabled'),
        ...earlyService('crash', ['ExecStart=/bin/sh -c "echo c >/proc/sysrq-trigger"']),
      ],
    }),
    expect: { phase: 'userspace', reason: /panic(?:ked)?: sysrq triggered crash/ },
  },
  {
    name: 'kernel-out-of-memory',
    what: 'a service that eats all memory, on a system that panics then',
    cell: bios,
    make: disk('qemu', {
      root: [
        grubOptions('sysctl.vm.panic_on_oom=2 mem=512M'),
        ...earlyService('greedy', ['ExecStart=/usr/bin/tail /dev/zero']),
      ],
    }),
    expect: { phase: 'userspace', reason: /panic(?:ked)?: Out of memory/i },
  },
];
