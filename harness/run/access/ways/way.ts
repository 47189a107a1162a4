import type { Contract } from '../../../../scenarios/contracts/contract.ts';
import type { VirtualKeyboard } from '../../../console/keys/keyboard.ts';
import type { SerialPort } from '../../../console/shells/serial-shell.ts';
import type { Shell } from '../../../console/shells/shell.ts';
import type { PhaseTracker } from '../../../console/signs/phases.ts';
import type { Rung } from '../../../events.ts';
import type { Arch } from '../../../images/image.ts';
import type { MachinePort } from '../../../machine/machine.ts';
import type { Teardown } from '../../teardown.ts';
import type { Quiet } from '../../watch/quiet.ts';

/** A key, by the path of its private half, and whom it lets in. */
export interface SshKey {
  user: string;
  privateKey: string;
}

/** The channel to a guest's agent. */
export interface AgentChannel {
  port: MachinePort;
  /** Resolves when somebody in the guest opens it; never, where nobody does. */
  opened: Promise<void>;
}

/** A proven way to run commands, and what the guest did to let us in. */
export interface WayIn {
  shell: Shell;
  /** Whom serial logged in by itself as the image ships; null if it did not, or if serial was not the way in. */
  serialAutologin: string | null;
  /** What was typed on the virtual screen to get in. */
  typed?: string;
  /** The SSH key that we put into the guest ourselves let us in. */
  byOwnKey?: true;
}

export interface AccessOptions {
  port: SerialPort;
  phases: PhaseTracker;
  contract: Contract;
  ssh: { host: string; port: number };
  scratch: string;
  slowness: number;
  /** Ends all attempts, and what the way in needs to stay open. */
  signal: AbortSignal;
  /** Takes what closes the way in. */
  teardown: Teardown;
  arch: Arch;
  keyboard: VirtualKeyboard;
  /** CPU time in seconds that QEMU took or waited for; null where the host can't tell. */
  demandSeconds: () => number | null;
  /** Whether a system was seen to run: before that, keys go to a bootloader. @default it is taken for granted */
  systemRuns?: () => boolean;
  /** Whether a program on the serial port waits for a person's answer, which a key would be. @default none does */
  asksPerson?: () => boolean;
  /** How the machine was booted. @default shipped */
  rung?: Rung;
  /** The machine's second console, where it has one. */
  second?: SerialPort;
  /** The key that the machine was given for the guest's SSH server. */
  ownKey?: SshKey;
  /** The channel of QEMU's guest agent, where the machine has one. */
  agent?: AgentChannel;
  /** The contract promises somebody on serial, so that serial is waited for where SSH is faster. @default false */
  serialIsPromised?: boolean;
  /** Is told when the guest's boot is surely done, what is tried from then on, and for how many seconds that may go on. */
  onBootDone?: (tried: Promise<unknown>, mostSeconds: number) => void;
  /** Where the SSH server on the machine's vsock is reachable, where it has one: for our own key. */
  vsock?: { host: string; port: number };
}

export type WayName = 'serial' | 'second-console' | 'ssh' | 'guest-agent' | 'own-key' | 'vsock' | 'keys';

/** All ways into one boot of a machine while they are tried: what each of them may see of the others. */
export interface Attempt extends AccessOptions {
  /** Ends when the way in is decided. */
  signal: AbortSignal;
  /** Goes on for what the way in needs to stay open. */
  lasting: AbortSignal;
  /** Of all consoles. */
  quiet: Quiet;
  /** Resolves when the SSH server greets. */
  banner: Promise<unknown>;
  /** The word by which what keys started is known on serial, and the command that was typed last. */
  typing: { word: string; command?: string };
  /** Another way, as soon as it has run a command. */
  opened: (way: WayName) => Promise<WayIn>;
  /** Another way, once it has waited for the ones that are better. */
  decided: (way: WayName) => Promise<WayIn>;
}

/** One way in; `Needed` is what it needs of the machine, its contract and its boot. */
export interface Way<Needed> {
  /** What this way needs; nothing where that is not there, so that it is not tried. */
  needs(options: AccessOptions): Needed | undefined;
  /** Opens it, however long that takes, until a command has run by it. */
  open(needed: Needed, attempt: Attempt): Promise<WayIn>;
  /** Takes the way that was found, or a better one that comes within a grace. @default the way itself, at once */
  orBetter?(found: WayIn, attempt: Attempt): Promise<WayIn>;
  /**
   * How it shows, once the guest's boot is done, that this way is shut: by the silence of the consoles; by a refusal, of
   * an SSH server only once that has greeted; not at all, so that it has as long as the others take.
   */
  isShutBy: 'silence' | 'refusal' | "the server's refusal" | 'nothing';
}

/** The way that was found, or a better one, if that works before the grace is over. */
export const foundOrBetter = (
  found: WayIn,
  better: Promise<WayIn>,
  grace: Promise<unknown>,
): Promise<WayIn> => Promise.race([grace.then(() => found), better.catch(() => found)]);
