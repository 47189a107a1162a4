import { join } from 'node:path';
import { copyVariables } from '../../ovmf/variables.ts';
import { findFirmware } from '../../ovmf/firmware.ts';
import type { Cell } from '../matrix/cell.ts';
import type {
  AcceleratorName,
  DirectKernel,
  Drive,
  DriveBus,
  IpxeSource,
  MachineDescription,
  UefiFirmware,
  VsockPaths,
} from './board/description.ts';
import { createBlank, createOverlay } from './board/overlay.ts';
import { findUBoot } from './board/u-boot.ts';
import { firstIpxeSource } from './network/ipxe.ts';
import { preparePxe } from './network/pxe.ts';
import { qemuBinary } from './version.ts';
import { vsockProgram } from './network/vsock.ts';

/** What a machine is given beside the image, so that it lets somebody in. */
export interface Given {
  /** systemd's credentials, name to value. */
  credentials?: Record<string, string>;
  /** A second console. */
  console?: boolean;
  /** A vsock, if the host has the program that serves one. */
  vsock?: boolean;
  kernel?: DirectKernel;
}

export interface PreparedMachine {
  description: MachineDescription;
  /** What differs from how the image is published, each a sentence for the report; mostly empty. */
  notes: string[];
}

/**
 * Makes a cell's files in its scratch directory and describes its machine. The image's own files are only read.
 * @param place.scratch an empty directory of this machine, its path below 80 bytes; whoever made it removes it.
 * @param place.cpus number of vCPUs.
 * @param place.ipxe what starts the script of a netboot image. @default what the architecture has
 * @param place.given beside the image. @default nothing: it is tested as it ships
 * @throws HostError when the host lacks firmware or cannot make the files.
 */
export async function prepareMachine(
  cell: Cell,
  place: { scratch: string; cpus: number; accelerator: AcceleratorName; ipxe?: IpxeSource; given?: Given },
): Promise<PreparedMachine> {
  const { scratch, cpus, accelerator, ipxe = firstIpxeSource[cell.arch], given = {} } = place;
  const pxe = cell.image.kind === 'netboot' ? await preparePxe(cell.image, scratch, ipxe) : undefined;
  const vsock = given.vsock === true ? await prepareVsock(scratch) : null;
  const description: MachineDescription = {
    id: cell.id,
    arch: cell.arch,
    accelerator,
    cpus,
    memoryMiB: cell.memoryMiB,
    ...(cell.firmware === 'uefi' ? { uefi: await prepareUefi(cell, scratch) } : {}),
    ...(cell.firmware === 'u-boot' ? { uBoot: await findUBoot() } : {}),
    drives: await prepareDrives(cell, scratch),
    ...(pxe === undefined ? {} : { pxe: pxe.server }),
    ...(given.credentials === undefined ? {} : { credentials: given.credentials }),
    ...(given.kernel === undefined ? {} : { kernel: given.kernel }),
    forwardedPorts: [22],
    paths: {
      qmp: join(scratch, 'qmp.sock'),
      ...(given.console === true ? { console: join(scratch, 'console.sock') } : {}),
      ...(cell.guestAgent === true ? { agent: join(scratch, 'agent.sock') } : {}),
      ...(vsock === null ? {} : { vsock }),
      serialLog: join(scratch, 'serial.log'),
      monitor: join(scratch, 'monitor.sock'),
      lights: join(scratch, 'lights.sock'),
      pidFile: join(scratch, 'qemu.pid'),
      stderr: join(scratch, 'qemu.stderr'),
    },
  };
  return {
    description,
    notes: [...(pxe?.notes ?? []), ...(cell.externalKernel === undefined ? [] : [cell.externalKernel.note])],
  };
}

async function prepareVsock(scratch: string): Promise<VsockPaths | null> {
  const program = await vsockProgram();
  if (program === null) return null;
  return { program, device: join(scratch, 'vsock-device.sock'), host: join(scratch, 'vsock.sock') };
}

async function prepareUefi({ arch }: Cell, scratch: string): Promise<UefiFirmware> {
  const machineType = arch === 'x86_64' ? 'pc-q35' : 'virt';
  const firmware = await findFirmware(arch, machineType, { qemuBinary: await qemuBinary(arch) });
  const variables = await copyVariables(firmware, scratch);
  const { code, codeFormat, variablesFormat } = firmware;
  return { code, codeFormat, variables, variablesFormat, template: firmware.variables };
}

async function prepareDrives(
  { image, medium, diskBus, blankDiskMiB }: Cell,
  scratch: string,
): Promise<Drive[]> {
  if (image.kind === 'netboot') return [];
  const base = { path: image.path, driver: image.kind === 'disk' ? image.driver : 'raw' };
  if (medium === 'cdrom') return [{ ...base, bus: 'cdrom', readOnly: true }];
  const bus: DriveBus = medium === 'usb' ? 'usb' : diskBus;
  const drive: Drive = {
    ...(await createOverlay(base, join(scratch, 'disk.qcow2'))),
    base,
    bus,
    readOnly: false,
  };
  if (blankDiskMiB === undefined) return [drive];
  const blank = await createBlank(blankDiskMiB, join(scratch, 'blank.qcow2'));
  return [drive, { ...blank, blankMiB: blankDiskMiB, bus, readOnly: false }];
}
