import type { Arch } from '../images/image.ts';
import type { DiskBus } from '../matrix/cell.ts';

export type AcceleratorName = 'kvm' | 'hvf' | 'tcg';

/** Where a drive is plugged in: a fixed disk's bus, the optical drive, a USB stick. */
export type DriveBus = DiskBus | 'cdrom' | 'usb';

export interface Drive {
  bus: DriveBus;
  /** The node QEMU opens: an overlay for what is writable, the image itself for read-only media. */
  path: string;
  driver: string;
  readOnly: boolean;
}

/** A pair of UEFI code and this machine's own copy of the variables. */
export interface UefiFirmware {
  code: string;
  codeFormat: string;
  variables: string;
  variablesFormat: string;
}

/** A machine, complete and without side effects: `buildArgs` turns it into QEMU's command line. */
export interface MachineDescription {
  /** Also QEMU's `-name`. */
  id: string;
  arch: Arch;
  accelerator: AcceleratorName;
  cpus: number;
  memoryMiB: number;
  /** Absent: the machine type's built-in BIOS. */
  uefi?: UefiFirmware;
  drives: Drive[];
  /** What the network serves for PXE: a directory by TFTP and the boot file in it. */
  pxe?: { directory: string; bootFile: string };
  /** Guest TCP ports that are reachable from the host on 127.0.0.1, on ports that QEMU chooses. */
  forwardedPorts: number[];
  /** Files of the running machine, in its scratch directory. */
  paths: {
    /** Unix socket on which the harness listens and to which QEMU connects; below 108 bytes. */
    qmp: string;
    /** QEMU's own log of the serial port: the authoritative transcript. */
    serialLog: string;
    pidFile: string;
  };
}
