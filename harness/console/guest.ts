import type { Evidence, Phase } from '../events.ts';
import type { Medium } from './medium.ts';
import type { Power } from './power.ts';
import type { Transcript } from './serial/transcript.ts';
import type { Shell } from './shells/shell.ts';
import type { VirtualKeyboard } from './keys/keyboard.ts';

/** What the guest did by itself while it booted, before the harness said anything to it. */
export interface BootRecord {
  /** Seconds since power-on at which each phase was first seen. */
  phases: Partial<Record<Phase, number>>;
  /** Of these seconds those in which the host gave the machine no processor. @default none is known of */
  starved?: Partial<Record<Phase, number>>;
  /** The user whom serial logged in by itself, proven by a command there before any login was typed; null if none. */
  serialAutologin: string | null;
}

/** What we gave the machine so that it lets us in: no check takes it for the image's own. */
export interface Supplies {
  /** Every getty logs somebody in. */
  autologin?: true;
  /** A line for the file of root's authorized keys, put there if there was none. */
  publicKey?: string;
  /** It is by the private half of that key that commands run. */
  byOwnKey?: true;
}

/** What the guest says on its serial port, as clean text from the beginning of the boot that runs; bounded. */
export type GuestConsole = Pick<Transcript, 'text' | 'waitFor'>;

/** A running guest as a scenario sees it. */
export interface Guest {
  /** Letters that exist in this run's machine only; proves that an answer came from it. */
  readonly nonce: string;
  readonly arch: string;
  readonly format: string;
  /** Tells its image from another of the same format in this run. */
  readonly label?: string;
  readonly boot: BootRecord;
  /** @default nothing: the image is tested as it ships */
  readonly supplies?: Supplies;
  /** Commands run here; the best way in that was proven, after a reboot that of the new boot. */
  readonly shell: Shell;
  readonly keyboard: VirtualKeyboard;
  readonly power: Power;
  readonly console: GuestConsole;
  /** Absent where the machine was started from a fixed disk or the network. */
  readonly medium?: Medium;
  /** Where the guest's port 22 is reachable. */
  readonly ssh: { host: string; port: number };
  /** A directory of this cell for the scenario's own files (keys, known_hosts); removed afterwards. */
  readonly scratch: string;
  /** Multiplies every time limit: how much slower than the reference this machine is. */
  readonly slowness: number;
  readonly signal: AbortSignal;
  /** What the virtual screen shows, by rows; null where it is no text that can be read. */
  readScreen(): Promise<readonly string[] | null>;
  /** Saves a picture of the virtual screen into the cell's report, `<name>.png`. */
  screenshot(name: string): Promise<Evidence>;
  /** Claims what no two machines may share, e.g. a host key; tells another cell of this run that has it, too, or null. */
  claim(what: string): string | null;
  /** Adds to the evidence of the check that is running. */
  note(evidence: Evidence): void;
}
