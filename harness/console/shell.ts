import type { Access } from '../events.ts';

/** What a command in the guest came to. */
export interface CommandResult {
  /** Exit status; 128 + n for signal n, as shells tell it. */
  status: number;
  /** stdout and stderr, in the order written, decoded as UTF-8. */
  output: string;
}

/** A proven way to run commands in the guest. */
export interface Shell {
  readonly access: Access;
  /** Who it runs as, as `id -un` told when the shell was proven. */
  readonly user: string;
  /**
   * Runs a POSIX shell script and returns what it wrote.
   * @param timeoutSeconds bound on the whole exchange, scaled by the machine's slowness. @default 60
   * @throws GuestError `command-timeout` when no answer came, `console-garbled` when no frame came through whole.
   */
  run(script: string, options?: { timeoutSeconds?: number }): Promise<CommandResult>;
}
