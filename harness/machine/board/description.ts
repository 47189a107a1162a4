import type { Arch } from '../../images/image.ts';
import type { DiskBus } from '../../matrix/cell.ts';

export type AcceleratorName = 'kvm' | 'hvf' | 'tcg';

/** Where a drive is plugged in: a fixed disk's bus, the optical drive, a USB stick. */
export type DriveBus = DiskBus | 'cdrom' | 'usb';

/** A file as QEMU's block layer opens it. */
export interface DiskFile {
  path: string;
  /** QEMU's block driver, always explicit: a guest that writes a qcow2 header into a raw disk must not change it. */
  driver: string;
}

export interface Drive extends DiskFile {
  bus: DriveBus;
  readOnly: boolean;
  /** The image below, which is never written to, when `path` is an overlay. */
  base?: DiskFile;
  /** It is a new disk of so many MiB, with nothing on it. */
  blankMiB?: number;
}

/** A pair of UEFI code and this machine's own copy of the variables. */
export interface UefiFirmware {
  code: string;
  codeFormat: string;
  variables: string;
  variablesFormat: string;
  /** What `variables` was copied from. */
  template: string;
}

/**
 * Where iPXE comes from: the option ROM of QEMU's network card, or a network boot program that the firmware's own PXE
 * client loads, for firmware that passes over the ROM's.
 */
export type IpxeSource = 'option-rom' | 'network';

/** What the network serves by TFTP, and which of it the firmware starts. */
export interface PxeServer {
  source: IpxeSource;
  directory: string;
  bootFile: string;
  /** The names in `directory` that are links, and to which files. */
  links: Record<string, string>;
  /** The names in `directory` that are files of its own, and what is in them. */
  texts: Record<string, string>;
}

/** A kernel that QEMU starts itself, past every bootloader. */
export interface DirectKernel {
  kernel: string;
  /** Absent: none. */
  initrd?: string;
  /** The kernel's command line. */
  options: string;
  /** Commands that take the two out of the image, each run in the directory where they shall be; none: they lie there. */
  make: readonly (readonly string[])[];
}

/** The program that serves a machine's vsock, and its Unix sockets; each of these below 108 bytes. */
export interface VsockPaths {
  program: string;
  /** Where QEMU connects to. */
  device: string;
  /** Where the host connects to, to reach a port of the guest. */
  host: string;
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
  /** U-Boot in place of firmware: the file that QEMU loads. */
  uBoot?: string;
  drives: Drive[];
  /** The network's boot server; present only for a machine that starts from it. */
  pxe?: PxeServer;
  /**
   * systemd's credentials, name to value (systemd.system-credentials(7)). The machine carries them in its SMBIOS tables,
   * which reach a guest on x86 and under UEFI elsewhere, and in QEMU's firmware configuration, for which a guest needs the
   * module qemu_fw_cfg. systemd takes the first that it finds.
   */
  credentials?: Record<string, string>;
  kernel?: DirectKernel;
  /** Guest TCP ports that are reachable from the host on 127.0.0.1, on ports that QEMU chooses. */
  forwardedPorts: number[];
  /** Files of the running machine, in its scratch directory. */
  paths: {
    /** Unix socket on which the harness listens and to which QEMU connects; below 108 bytes (104 on macOS). */
    qmp: string;
    /** The same for a second console; present only for a machine that has one. */
    console?: string;
    /** The same for the channel of QEMU's guest agent. */
    agent?: string;
    /** The machine's vsock, which a program of its own serves; present only for a machine that has one. */
    vsock?: VsockPaths;
    /** QEMU's own log of the serial port: the authoritative transcript. */
    serialLog: string;
    /** Unix socket on which QEMU's human monitor answers a person; without it there is none, and no screen for one. */
    monitor?: string;
    /** Unix socket on which QEMU tells of the keyboard's lights, by VNC; without it nobody asks. */
    lights?: string;
    pidFile: string;
    /** What QEMU itself says. */
    stderr: string;
  };
}
