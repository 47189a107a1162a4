import type { MachineDescription } from './board/description.ts';

/** How QEMU ended. */
export interface MachineExit {
  code: number | null;
  signal: number | null;
  /** What QEMU itself wrote to stderr, its tail. */
  stderr: string;
  /** SIGKILL ended it, and the kernel's OOM killer struck while it ran. */
  oomKilled: boolean;
}

/** A QMP event, e.g. `RESET`, `SHUTDOWN`, `GUEST_PANICKED`. */
export interface QmpEvent {
  event: string;
  data: Record<string, unknown>;
}

/** A port of a machine beside its first serial one. */
export interface MachinePort {
  /** Bytes to the port. */
  write(data: string | Uint8Array): void;
  /** Bytes from the port; returns the way to unsubscribe. */
  onData(listener: (data: Uint8Array) => void): () => void;
}

/** A running QEMU. */
export interface Machine {
  readonly description: MachineDescription;
  readonly pid: number;
  /** Settles once, when QEMU has ended; never rejects. */
  readonly exited: Promise<MachineExit>;
  /** Bytes to the serial port. */
  write(data: string | Uint8Array): void;
  /**
   * Bytes from the serial port as they come, there during the call only; the first listener, and who subscribes in the same
   * turn of the event loop, gets all from power-on. Returns the way to unsubscribe.
   */
  onSerial(listener: (data: Uint8Array) => void): () => void;
  /** Present where the description asks for one. */
  readonly secondConsole?: MachinePort;
  /** The channel of QEMU's guest agent; present where the description asks for one. */
  readonly agent?: MachinePort;
  onQmpEvent(listener: (event: QmpEvent) => void): () => void;
  /** Runs a QMP command; rejects with HostError when QEMU refuses it or is gone. */
  qmp(execute: string, args?: Record<string, unknown>): Promise<unknown>;
  /** Host port on 127.0.0.1 that leads to this guest port, proven to be this QEMU's; throws for a port that is not. */
  hostPort(guestPort: number): Promise<number>;
  /** User plus system time of the process in seconds, as of now or of its end; null where the host can't tell. */
  cpuSeconds(): number | null;
  /** Ends QEMU: `quit` over QMP, then SIGKILL; resolves when it is gone. Safe to call more than once. */
  stop(): Promise<MachineExit>;
}
