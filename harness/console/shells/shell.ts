import { GuestError } from '../../errors.ts';
import type { Access } from '../../events.ts';

/** What a command in the guest came to. */
export interface CommandResult {
  /** Exit status; 128 + n for signal n, as shells tell it. */
  status: number;
  /** stdout and stderr, in the order written, decoded as UTF-8. */
  output: string;
  /** The same, exactly. */
  bytes: Uint8Array;
}

/** The result of a command that wrote these bytes. */
export const commandResult = (status: number, bytes: Uint8Array): CommandResult => ({
  status,
  output: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  bytes,
});

/** What a command may write; the answer of a guest that is broken, or hostile, must fit into memory. */
export const maxOutputBytes = 16 * 1024 * 1024;

/** A command that wrote more than that, whichever way it was run. */
export const outputTooLong = (what: string): GuestError =>
  new GuestError('output-too-long', `\`${what}\` wrote more than ${maxOutputBytes / 2 ** 20} MiB.`);

/** What a script is called in a message. */
export const nameOf = (script: string): string => script.trim().split('\n', 1)[0] ?? '';

/** A proven way to run commands in the guest. */
export interface Shell {
  readonly access: Access;
  /** Who it runs as, as `id -un` told when the shell was proven. */
  readonly user: string;
  /**
   * Runs a POSIX shell script and returns what it wrote, the same by every way in.
   * @param timeoutSeconds bound on the whole exchange, scaled by the machine's slowness. @default 60
   * @throws GuestError `command-timeout` when no answer came, `console-garbled` when no frame came through whole,
   * `output-too-long`.
   */
  run(script: string, options?: { timeoutSeconds?: number }): Promise<CommandResult>;
  /** Gives the console on which it is back to whoever types there next; it runs nothing any more. Absent where it is on none. */
  leave?(): void;
}
