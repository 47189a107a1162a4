import type { Socket } from 'node:net';
import type { Guest } from './guest.ts';

/** What a machine does. */
export interface Behaviour {
  /** Runs when the machine is powered on. */
  play(guest: Guest): void | Promise<void>;
  /** QEMU's last words before it dies, without having reported in. */
  dies?: string;
  /** Only SIGKILL ends it. */
  ignoresQuit?: boolean;
  /**
   * How far QEMU gets with its monitor: it never connects to it, or connects and answers nothing.
   * @default it answers
   */
  monitor?: 'absent' | 'mute';
  /** What `query-status` tells of a machine that runs. @default running */
  status?: string;
  /** What `info registers` tells. @default nothing */
  registers?: string;
  /** How often its disks were read, as `query-blockstats` tells it. @default 0 */
  diskAccesses?: number;
  /**
   * Lines on the virtual screen, in the kernel's font, one look after the other; those of the last stay.
   * @default a picture without any text
   */
  screens?: readonly (readonly string[])[];
  /** Serves a connection to the guest's SSH port. @default greets as sshd does and closes */
  serve?(socket: Socket): void | Promise<void>;
}
