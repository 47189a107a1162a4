import type { Contract } from '../../../scenarios/contracts/contract.ts';
import type { Shell } from '../../console/shells/shell.ts';
import { waitForSshBanner } from '../../console/shells/ssh-banner.ts';
import { openSshShell } from '../../console/shells/ssh-shell.ts';
import { GuestError } from '../../errors.ts';
import type { AccessOptions, SshKey } from './ways/way.ts';

/** What a login by SSH needs. */
export type LoginOptions = Pick<AccessOptions, 'ssh' | 'scratch' | 'slowness' | 'signal' | 'teardown'>;

/** How many logins are tried: the first one meets a system that is still busy coming up. */
const tries = 3;

/** The key that the contract promises to be let in, where it names its private half. */
export function promisedKey({ sshd }: Contract): SshKey | undefined {
  return sshd?.privateKey === undefined ? undefined : { user: sshd.user, privateKey: sshd.privateKey };
}

/** A login by SSH that lasts as long as the machine is examined. */
export async function logIn(key: SshKey, options: LoginOptions): Promise<Shell> {
  const { ssh, scratch, slowness, signal, teardown } = options;
  const shell = await openSshShell({ ...ssh, ...key, scratch, slowness, signal });
  teardown.add(shell.close);
  return shell;
}

/**
 * The same, once the server greets, by a few tries.
 * @throws GuestError of the last try.
 */
export async function logInOnceReady(
  key: SshKey,
  banner: Promise<unknown>,
  options: LoginOptions,
): Promise<Shell> {
  await banner;
  for (let left = tries; ; left--) {
    try {
      return await logIn(key, options);
    } catch (error) {
      if (left === 1 || !(error instanceof GuestError)) throw error;
      await waitForSshBanner({ ...options.ssh, signal: options.signal });
    }
  }
}
