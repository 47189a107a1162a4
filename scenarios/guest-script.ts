import type { Guest } from '../harness/console/guest.ts';
import { commandResult, type CommandResult, type Shell } from '../harness/console/shells/shell.ts';
import { HostError } from '../harness/errors.ts';
import { quote } from '../harness/shell-quote.ts';

/** NixOS has commands where no POSIX default looks, Debian its daemons where a user's PATH does not; messages are compared, so: C. */
const prelude =
  'PATH=/run/wrappers/bin:$PATH:/run/current-system/sw/bin:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin; LC_ALL=C; export PATH LC_ALL\n';

/** Runs a POSIX shell script as whoever the guest's shell is. */
export async function run(guest: Guest, script: string, timeoutSeconds = 60): Promise<CommandResult> {
  return guest.shell.run(prelude + script, { timeoutSeconds });
}

/** Whether what this shell runs can be root's, by a sudo that asks nothing if need be. */
export async function canBeRoot(shell: Shell): Promise<boolean> {
  return shell.user === 'root' || (await shell.run(`${prelude}sudo -n true`)).status === 0;
}

/** What sudo says before, of a host's name that it cannot resolve and the like, is not the script's. */
const rootMarker = 'root-from-here';

/**
 * Runs a POSIX shell script as root: as it is where the shell is root's, else by a sudo that asks nothing.
 * @throws HostError `no-root` when there is no way to be root, so nothing can be said about the guest.
 */
export async function runAsRoot(guest: Guest, script: string, timeoutSeconds = 60): Promise<CommandResult> {
  if (guest.shell.user === 'root') return run(guest, script, timeoutSeconds);
  const result = await run(
    guest,
    `exec sudo -n sh -c ${quote(`echo ${rootMarker}\n${prelude}${script}`)}`,
    timeoutSeconds,
  );
  const bytes = Buffer.from(result.bytes);
  const marker = bytes.indexOf(rootMarker);
  if (marker === -1) {
    throw new HostError(
      'no-root',
      `The way in by ${guest.shell.access} is ${guest.shell.user}'s and sudo does not make it root: ${result.output.trim()}`,
      { hint: "Name root's login in the contract, or a user of whom sudo asks nothing." },
    );
  }
  return commandResult(result.status, bytes.subarray(bytes.indexOf(0x0a, marker) + 1));
}

/** Reads lines of a name and a word, as scripts print what they found. */
export const wordsOf =
  (output: string) =>
  (name: string): string | undefined =>
    new RegExp(`^${name} (\\S+?)\\r?$`, 'm').exec(output)?.[1];
