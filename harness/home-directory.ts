import { homedir } from 'node:os';
import { HostError } from './errors.ts';

/**
 * The user's home directory.
 * @throws HostError `no-home` where neither HOME nor the host's list of users names one, as for a container's user id.
 */
export function homeDirectory(): string {
  let cause: unknown;
  try {
    const home = homedir();
    if (home.startsWith('/')) return home;
  } catch (error) {
    cause = error;
  }
  throw new HostError(
    'no-home',
    `Nothing says where the user with the id ${process.getuid?.()} is at home: HOME names no directory, and passwd(5) has no such user.`,
    { hint: 'Set HOME to the absolute path of a directory that can be written to.', cause },
  );
}
