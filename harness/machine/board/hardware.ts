import type { Arch } from '../../images/image.ts';
import type { AcceleratorName, Drive, MachineDescription, UefiFirmware } from './description.ts';

/** One of QEMU's options and its value, where it takes one. */
export type Option = [name: string, value?: string];

/** A value inside one of QEMU's comma-separated options, where a comma is written twice. */
export const optionValue = (value: string): string => value.replaceAll(',', ',,');

export const machineTypes: Record<Arch, string> = {
  x86_64: 'q35',
  // The highest GIC that the accelerator offers; the default, version 2, is missing on newer hosts under KVM.
  aarch64: 'virt,gic-version=max',
};

/**
 * All that QEMU's emulation can do, so that no image fails for a feature which it may expect, but for what many
 * processors lack, no image may count on and emulation makes slow. Measured, Debian 13 to its login: a tenth of the CPU
 * time on x86_64, 29 % on aarch64.
 */
const emulatedCpus: Record<Arch, string> = {
  // With "fast" string instructions the kernel clears pages byte by byte; a fifth level makes page walks longer.
  x86_64: 'max,-erms,-fsrm,-la57',
  // Pointer authentication costs a hash at each call, also with QEMU's own; SVE and SME their registers at each switch.
  aarch64: 'max,pauth=off,sve=off,sme=off',
};

/** The CPU: the host's own where its processor runs the guest. */
export const cpuModel = (arch: Arch, accelerator: AcceleratorName): string =>
  accelerator === 'tcg' ? emulatedCpus[arch] : 'host';

/** The board: CPU, memory, clock, and what a physical machine of its kind has. */
export function boardOptions({
  arch,
  accelerator,
  cpus,
  memoryMiB,
  uefi,
  uBoot,
}: MachineDescription): Option[] {
  const flash = uefi === undefined ? '' : ',pflash0=uefi-code,pflash1=uefi-variables';
  return [
    // A machine with ACPI has its power button there, where a kernel that was given a device tree never looks.
    ['-machine', `${machineTypes[arch]}${flash}${uBoot === undefined ? '' : ',acpi=off'}`],
    // TCG runs one thread for each vCPU wherever the guest's memory order holds on the host; QEMU knows where.
    ['-accel', accelerator],
    ['-cpu', cpuModel(arch, accelerator)],
    ['-smp', String(cpus)],
    ['-m', `${memoryMiB}M`],
    ['-rtc', 'base=utc'],
    ...(uefi === undefined ? [] : flashOptions(uefi)),
    ...(uBoot === undefined ? [] : [['-bios', uBoot] satisfies Option]),
    ...screenAndKeyboard[arch],
    ['-device', 'virtio-rng-pci'],
    // The guest tells of its kernel's panic: QEMU passes it on as GUEST_PANICKED.
    ['-device', arch === 'x86_64' ? 'pvpanic' : 'pvpanic-pci'],
  ];
}

function flashOptions({ code, codeFormat, variables, variablesFormat }: UefiFirmware): Option[] {
  const node = (name: string, path: string, format: string, readOnly: string): string =>
    `node-name=${name},driver=${format},read-only=${readOnly},file.driver=file,file.filename=${optionValue(path)}`;
  return [
    ['-blockdev', node('uefi-code', code, codeFormat, 'on')],
    ['-blockdev', node('uefi-variables', variables, variablesFormat, 'off')],
  ];
}

/** q35 has a PS/2 keyboard on the board, which firmware, boot menu and kernel know alike; `virt` has none. */
const screenAndKeyboard: Record<Arch, Option[]> = {
  x86_64: [
    ['-display', 'none'],
    ['-device', 'VGA'],
  ],
  aarch64: [
    ['-display', 'none'],
    ['-device', 'virtio-gpu-pci'],
    ['-device', 'qemu-xhci,id=usb'],
    ['-device', 'usb-kbd,bus=usb.0'],
  ],
};

/** The id of the optical drive or the stick: what is pulled by it. */
export const mediumId = 'medium';

/** A stick where it is plugged in. */
const stick = 'usb-storage,bus=usb.0,removable=on';

/** The drives, the first of them the one to start from. */
export function driveOptions({ arch, drives, pxe }: MachineDescription): Option[] {
  const controllers = new Set(drives.flatMap((drive) => controllersFor(arch, drive)));
  return [
    ...[...controllers].map((device): Option => ['-device', device]),
    ...drives.flatMap((drive, index): Option[] => {
      const bootIndex = index === 0 && pxe === undefined ? ',bootindex=1' : '';
      return [
        ['-blockdev', blockNode(drive, index)],
        ['-device', `${driveDevice(arch, drive, index)},drive=drive${index}${bootIndex}`],
      ];
    }),
  ];
}

function blockNode({ path, driver, readOnly }: Drive, index: number): string {
  // What the guest flushes need not reach the host's disk: an overlay does not outlive its machine.
  const access = readOnly ? 'read-only=on' : 'discard=unmap,cache.no-flush=on';
  return `node-name=drive${index},driver=${driver},${access},file.driver=file,file.filename=${optionValue(path)}`;
}

/** AArch64's UEFI firmware has no AHCI driver: its optical drive is a SCSI one. */
const isScsi = (arch: Arch, { bus }: Drive): boolean =>
  bus === 'virtio-scsi' || (bus === 'cdrom' && arch === 'aarch64');

/** What has to be added for a drive; q35 has its AHCI on the board, with the ports ide.0 to ide.5. */
function controllersFor(arch: Arch, drive: Drive): string[] {
  if (isScsi(arch, drive)) return ['virtio-scsi-pci,id=scsi'];
  if (drive.bus === 'usb' && arch === 'x86_64') return ['qemu-xhci,id=usb'];
  return [];
}

function driveDevice(arch: Arch, drive: Drive, index: number): string {
  switch (drive.bus) {
    case 'sata':
      // Arm's plain disk is NVMe: its firmware knows no AHCI, and an initrd that has the one driver has the other.
      return arch === 'aarch64' ? `nvme,serial=drive${index}` : `ide-hd,bus=ide.${index}`;
    case 'virtio-blk':
      return 'virtio-blk-pci';
    case 'virtio-scsi':
      return 'scsi-hd,bus=scsi.0';
    case 'cdrom':
      return `${isScsi(arch, drive) ? 'scsi-cd,bus=scsi.0' : `ide-cd,bus=ide.${index}`},id=${mediumId}`;
    case 'usb':
      return `${stick},id=${mediumId}`;
  }
}

/** The id of the guest agent's port and of its character device; QEMU's events name it. */
export const agentPort = 'agent';

/** The channel of QEMU's guest agent, as libvirt gives it to its machines. */
export function agentOptions({ paths }: MachineDescription): Option[] {
  if (paths.agent === undefined) return [];
  return [
    ['-device', 'virtio-serial-pci,id=agent-bus'],
    [
      '-device',
      `virtserialport,bus=agent-bus.0,id=${agentPort},chardev=${agentPort},name=org.qemu.guest_agent.0`,
    ],
  ];
}

/** A closed network: DHCP, and TFTP for PXE, come from QEMU itself; nothing gets out, and in only by forwarded ports. */
export function networkOptions({ arch, pxe, forwardedPorts }: MachineDescription): Option[] {
  const netdev = [
    'user,id=net,restrict=on',
    ...forwardedPorts.map((port) => `hostfwd=tcp:127.0.0.1:0-:${port}`),
    ...(pxe === undefined
      ? []
      : [`tftp=${optionValue(pxe.directory)}`, `bootfile=${optionValue(pxe.bootFile)}`]),
  ];
  return [
    ['-netdev', netdev.join(',')],
    [
      '-device',
      [
        'virtio-net-pci,netdev=net',
        // Without its option ROM the firmware cannot spend a minute on a network that has nothing to start from. The ROM
        // has programs for x86 alone, and on hosts for Arm guests it may not be there.
        ...(pxe === undefined || arch === 'aarch64' ? ['romfile='] : []),
        ...(pxe === undefined ? [] : ['bootindex=1']),
      ].join(','),
    ],
  ];
}

/** A vsock as a program beside QEMU serves it, which has to see the machine's memory: no module of the host's kernel is needed. */
export function vsockOptions({ memoryMiB, paths }: MachineDescription): Option[] {
  if (paths.vsock === undefined) return [];
  return [
    ['-object', `memory-backend-memfd,id=memory,size=${memoryMiB}M,share=on`],
    // Added to what is said of the machine elsewhere.
    ['-machine', 'memory-backend=memory'],
    ['-chardev', `socket,id=vsock,path=${optionValue(paths.vsock.device)}`],
    ['-device', 'vhost-user-vsock-pci,chardev=vsock'],
  ];
}
