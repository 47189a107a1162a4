import type { Guest } from '../../harness/console/guest.ts';
import { GuestError } from '../../harness/errors.ts';
import { quote } from '../../harness/shell-quote.ts';
import { run, runAsRoot } from '../guest-script.ts';

export interface RunOptions {
  as?: string;
  timeoutSeconds?: number;
}

export interface RunResult {
  /** Exit status; 128 + n for signal n. */
  status: number;
  /** stdout and stderr, in the order written, without blanks at the end. */
  output: string;
}

/** What is said where there is no such user: no program of a guest ends so by itself. */
const noUser = 'boot-matrix: no such user';

/** With that user's home and name, as after a login, and without asking for a password. */
const asUser = (user: string, command: string): string => `
home=$(getent passwd ${quote(user)} | cut -d: -f6)
[ -n "$home" ] || { echo ${quote(noUser)}; exit 1; }
cd "$home" 2>/dev/null || cd /
HOME="$home" USER=${quote(user)} LOGNAME=${quote(user)} exec runuser -u ${quote(user)} -- sh -c ${quote(command)}`;

/** Runs a command as root or another user, and puts it into the evidence. */
export async function runCommand(
  guest: Guest,
  command: string,
  { as = 'root', timeoutSeconds = 60 }: RunOptions = {},
): Promise<RunResult> {
  const { user, access } = guest.shell;
  const { status, output } =
    as === user
      ? await run(guest, command, timeoutSeconds)
      : await runAsRoot(guest, as === 'root' ? command : asUser(as, command), timeoutSeconds);
  if (output.trim() === noUser)
    throw new GuestError('no-user', `expected a user ${as} to run \`${command}\`, got none of that name`);
  guest.note({
    action: as === 'root' ? command : `${command} (as ${as})`,
    observed: `${output.trimEnd()}${status === 0 ? '' : `\nexit status ${status}`}`.trim(),
    access,
  });
  return { status, output: output.trimEnd() };
}
