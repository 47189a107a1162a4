import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuModel } from '../../harness/machine/board/hardware.ts';
import { formatPaths } from '../../reference/formats.ts';
import type { Make } from '../defects/make/make.ts';
import { type Boot, bootLog } from './qemu.ts';
import type { Place } from './recording.ts';

/**
 * QEMU's options for a machine that boots an image. `sercon`: without a screen SeaBIOS prints on serial, and so does
 * whatever prints by the BIOS; what speaks on serial by itself does it twice there.
 */
type Machine = (image: string, scratch: string) => string[] | Promise<string[]>;

const cpu = ['-cpu', cpuModel('x86_64', 'tcg'), '-smp', '2'];
const pc = ['-machine', 'q35', ...cpu, '-m', '2048M', '-device', 'virtio-rng-pci'];
const onSerial = ['-machine', 'q35,graphics=off', ...pc.slice(2), '-nic', 'none'];
const screen = ['-device', 'VGA', '-nic', 'none'];
const drive = (image: string, format: string, device: string): string[] => [
  '-drive',
  `if=none,id=drive,file=${image},format=${format},snapshot=on`,
  '-device',
  `${device},drive=drive,bootindex=1`,
];
const network = (directory: string, bootFile: string): string[] => [
  '-netdev',
  `user,id=net,restrict=on,tftp=${directory},bootfile=${bootFile}`,
  '-device',
  'virtio-net-pci,netdev=net,bootindex=1',
];

async function ovmf(scratch: string): Promise<string[]> {
  const variables = join(scratch, 'variables.fd');
  await copyFile('/usr/share/OVMF/OVMF_VARS_4M.fd', variables);
  return [
    '-drive',
    'if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd',
    '-drive',
    `if=pflash,format=raw,file=${variables}`,
  ];
}

/** An arm64 board without firmware, network or drive. */
export const armBoard = [
  '-machine',
  'virt',
  '-cpu',
  cpuModel('aarch64', 'tcg'),
  '-smp',
  '2',
  '-m',
  '1536M',
].concat(['-nic', 'none']);

async function aavmf(scratch: string): Promise<string[]> {
  const variables = join(scratch, 'variables.fd');
  await copyFile('/usr/share/AAVMF/AAVMF_VARS.fd', variables);
  return [
    ...armBoard,
    '-device',
    'virtio-rng-pci',
    '-drive',
    'if=pflash,format=raw,readonly=on,file=/usr/share/AAVMF/AAVMF_CODE.fd',
    '-drive',
    `if=pflash,format=raw,file=${variables}`,
  ];
}

/** The kinds of machine that logs are made on. */
export const machines = {
  serconDisk: (image) => [...onSerial, ...drive(image, 'qcow2', 'ide-hd')],
  serconCdrom: (image) => [...onSerial, ...drive(image, 'raw', 'ide-cd')],
  serconUsb: (image) => [...onSerial, '-device', 'qemu-xhci', ...drive(image, 'raw', 'usb-storage')],
  serconNetwork: (image) => [...onSerial.slice(0, -2), ...network(image, 'netboot.ipxe')],
  biosDisk: (image) => [...pc, ...screen, ...drive(image, 'qcow2', 'ide-hd')],
  biosCdrom: (image) => [...pc, ...screen, ...drive(image, 'raw', 'ide-cd')],
  biosUsb: (image) => [...pc, ...screen, '-device', 'qemu-xhci', ...drive(image, 'raw', 'usb-storage')],
  biosNetwork: (image) => [...pc, '-device', 'VGA', ...network(image, 'netboot.ipxe')],
  serconNothing: () => onSerial,
  uefiDisk: async (image, scratch) => [
    ...pc,
    '-nic',
    'none',
    ...(await ovmf(scratch)),
    ...drive(image, 'qcow2', 'ide-hd'),
  ],
  uefiCdrom: async (image, scratch) => [
    ...pc,
    '-nic',
    'none',
    ...(await ovmf(scratch)),
    ...drive(image, 'raw', 'ide-cd'),
  ],
  uefiUsb: async (image, scratch) => [
    ...pc,
    '-nic',
    'none',
    ...(await ovmf(scratch)),
    '-device',
    'qemu-xhci',
    ...drive(image, 'raw', 'usb-storage'),
  ],
  uefiNetwork: async (image, scratch) => [...pc, ...(await ovmf(scratch)), ...network(image, 'netboot.ipxe')],
  uefiNothing: async (_image, scratch) => [...pc, '-nic', 'none', ...(await ovmf(scratch))],
  armDisk: async (image, scratch) => [...(await aavmf(scratch)), ...drive(image, 'qcow2', 'virtio-blk-pci')],
  armNothing: async (_image, scratch) => aavmf(scratch),
} as const satisfies Record<string, Machine>;

export interface ImageBoot extends Pick<Boot, 'until' | 'reboots'> {
  machine: keyof typeof machines;
  /** What is booted: a reference image, or what a defect makes of one. Absent: nothing. */
  image?: keyof typeof formatPaths | Make;
  /** Added to QEMU's command line. */
  args?: readonly string[];
}

/** Boots an image as it is on a machine of its kind. */
export const boot =
  ({ machine, image, args = [], ...rest }: ImageBoot) =>
  async ({ reference, scratch }: Place): Promise<Buffer> => {
    const path =
      typeof image === 'function'
        ? await image(reference, scratch)
        : image === undefined
          ? ''
          : join(reference, formatPaths[image]);
    const options = await machines[machine](path, scratch);
    return bootLog({
      ...(machine.startsWith('arm') ? { qemu: 'qemu-system-aarch64' } : {}),
      args: [...options, ...args],
      ...rest,
    });
  };
