import type { Guest } from '../../harness/console/guest.ts';
import type { Chord, Layout } from '../../harness/console/keys/keyboard.ts';
import type { SshCredentials } from '../../harness/console/shells/ssh.ts';
import { UsageError } from '../../harness/errors.ts';
import type { Need } from '../needs.ts';
import { type CopyInOptions, copyIn, copyOut } from './files.ts';
import { logIn } from './log-in.ts';
import { reboot } from './reboot.ts';
import { type RunOptions, type RunResult, runCommand } from './run.ts';
import { type TextOptions, waitForPort, waitForText, waitForUnit } from './wait.ts';
import { withoutMedium } from './without-medium.ts';

/**
 * What a check does to a guest. Times are in seconds and multiplied by the machine's slowness; what a guest does not do
 * in time is a `GuestError`, which makes the check `failed`.
 */
export interface Verbs {
  /**
   * Runs a POSIX shell command by the way in that the guest offers, its output bounded to 16 MiB.
   * @param options.as whose command it is, root or any user. @default root
   * @param options.timeoutSeconds bound on the whole exchange. @default 60
   * @returns exit status and output (stdout and stderr in the order written, without blanks at its end); a status other
   * than 0 is no error.
   * @throws GuestError `command-timeout`, `output-too-long`, `no-user` where there is no such user.
   * @throws HostError `no-root` where the way in is another user's and sudo asks for a password.
   */
  run(command: string, options?: RunOptions): Promise<RunResult>;
  /**
   * Waits until systemd has a unit active.
   * @param options.timeoutSeconds @default 90
   * @throws GuestError `unit-failed` at once where it failed or there is none, `unit-timeout`; with its status as evidence.
   */
  waitForUnit(unit: string, options?: { timeoutSeconds?: number }): Promise<void>;
  /**
   * Waits until something in the guest listens on a TCP port, on whatever address.
   * @param options.timeoutSeconds @default 90
   * @throws GuestError `port-timeout`
   */
  waitForPort(port: number, options?: { timeoutSeconds?: number }): Promise<void>;
  /**
   * Waits for a text on the serial console, where all that was said since the boot began counts, or on the virtual screen
   * (which is `needs: ['screen']`).
   * @param options.on @default console
   * @param options.timeoutSeconds @default 90
   * @returns the text that matched.
   * @throws GuestError `text-timeout`, with what stood there.
   */
  waitForText(text: string | RegExp, options?: TextOptions): Promise<string>;
  /**
   * What the virtual screen shows, by lines; null where that is no text that can be read. `guest.screenshot(name)` keeps
   * a picture. Needs `screen`.
   */
  screenText(): Promise<string | null>;
  /**
   * Types a text on the machine's keyboard, as on one whose keys mean what `layout` says; `\n` is Enter. Needs `keys`.
   * @param layout @default us
   * @throws UsageError `unknown-layout`, or for a character that the layout has not.
   */
  type(text: string, layout?: Layout): Promise<void>;
  /** Presses keys together, one chord after the other, by QEMU's names: `[['ctrl', 'alt', 'f2'], ['ret']]`. Needs `keys`. */
  press(chords: readonly Chord[]): Promise<void>;
  /**
   * Writes a file in the guest, as root.
   * @param from bytes, or a path on the host, relative to where the harness was started; at most 1 MiB.
   * @param options.mode in octal. @default 644
   * @throws UsageError `copy-too-large`, `copy-unreadable`; GuestError `copy-failed`.
   */
  copyIn(from: string | Uint8Array, to: string, options?: CopyInOptions): Promise<void>;
  /**
   * Reads a file of the guest, as root; at most 16 MiB.
   * @throws GuestError `copy-failed`, `output-too-long`.
   */
  copyOut(path: string): Promise<Uint8Array>;
  /**
   * Logs in to the guest's port 22 from outside and runs a command there. Needs `network`.
   * @param how by which proof and no other: `{ by: 'key', privateKey }` with a path on the host, `{ by: 'password', password }`.
   * @param options.timeoutSeconds @default 45
   * @throws GuestError `login-refused` where the server says no, `login-no-answer`.
   */
  logIn(
    user: string,
    how: SshCredentials,
    command: string,
    options?: { timeoutSeconds?: number },
  ): Promise<RunResult>;
  /**
   * Has the guest reboot by its own command, and waits for a way in again; later commands run in the new boot. Needs `power`.
   * @returns seconds from the reset to the shell.
   * @throws GuestError `no-reboot`, or what ended the new boot.
   */
  reboot(): Promise<{ seconds: number }>;
  /**
   * Pulls the disc or stick that the machine was started from while `work` runs, and puts it back. Needs `medium`; on a
   * machine without one the check is skipped.
   */
  withoutMedium<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** A guest as a check sees it: what it is, and a verb for each thing that is done to it. */
export type GuestWithVerbs = Guest & Verbs;

/** @param needed what the check takes for itself: a verb that needs more is refused. */
export function withVerbs(guest: Guest, needed: readonly Need[]): GuestWithVerbs {
  const taking = (need: Need, verb: string): void => {
    if (needed.includes(need)) return;
    throw new UsageError(
      'undeclared-need',
      `The check uses ${verb}() and does not say so: expected '${need}' among its needs, got ${needed.join(', ') || 'none'}.`,
    );
  };
  return {
    ...guest,
    // Another one after a reboot.
    get shell() {
      return guest.shell;
    },
    run: (command, options) => runCommand(guest, command, options),
    waitForUnit: (unit, options) => waitForUnit(guest, unit, options),
    waitForPort: (port, options) => waitForPort(guest, port, options),
    async waitForText(text, options = {}) {
      if (options.on === 'screen') taking('screen', 'waitForText');
      return waitForText(guest, text, options);
    },
    async screenText() {
      taking('screen', 'screenText');
      return (await guest.readScreen())?.join('\n') ?? null;
    },
    async type(text, layout = { layout: 'us', variant: '' }) {
      taking('keys', 'type');
      await guest.keyboard.type(text, layout);
    },
    async press(chords) {
      taking('keys', 'press');
      await guest.keyboard.press(chords);
    },
    copyIn: (from, to, options) => copyIn(guest, from, to, options),
    copyOut: (path) => copyOut(guest, path),
    async logIn(user, how, command, options) {
      taking('network', 'logIn');
      return logIn(guest, user, how, command, options);
    },
    async reboot() {
      taking('power', 'reboot');
      return reboot(guest);
    },
    async withoutMedium(work) {
      taking('medium', 'withoutMedium');
      return withoutMedium(guest, work);
    },
  };
}
