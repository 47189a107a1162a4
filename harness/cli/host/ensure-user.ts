import { userInfo } from 'node:os';
import { HostError } from '../../errors.ts';

/**
 * ssh and ssh-keygen refuse to run as a user id that has no name (getpwuid(3)), as containers have that run as any id.
 * @throws HostError `no-such-user`
 */
export function ensureUser(): void {
  try {
    userInfo();
  } catch (cause) {
    const uid = process.getuid?.();
    throw new HostError(
      'no-such-user',
      `ssh runs only as a user whom passwd(5) names, and here it names none with the id ${uid}.`,
      {
        hint: `Run as another user, or give this one a line: echo 'boot-matrix:x:${uid}:${process.getgid?.()}::/tmp:/bin/sh' >> /etc/passwd, as root.`,
        cause,
      },
    );
  }
}
