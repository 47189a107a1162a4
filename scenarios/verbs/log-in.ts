import type { Guest } from '../../harness/console/guest.ts';
import { login, ownPrivateKey, type SshCredentials } from '../../harness/console/shells/ssh.ts';
import { GuestError } from '../../harness/errors.ts';
import { lastLine } from '../last-line.ts';
import type { RunResult } from './run.ts';

const described = (how: SshCredentials): string =>
  ({ key: 'a key', password: 'a password', none: 'no proof' })[how.by];

/** Logs in by SSH from outside, once, and runs a command there. */
export async function logIn(
  guest: Guest,
  user: string,
  how: SshCredentials,
  command: string,
  { timeoutSeconds = 45 }: { timeoutSeconds?: number } = {},
): Promise<RunResult> {
  const { ssh, scratch, signal, slowness } = guest;
  // ssh takes no key that others can read, and a checkout's mode is nobody's choice.
  const credentials =
    how.by === 'key' ? { ...how, privateKey: await ownPrivateKey(how.privateKey, scratch) } : how;
  const target = { ...ssh, user, scratch, signal };
  const result = await login(target, credentials, command, timeoutSeconds * slowness * 1000);
  const action = `ssh ${user}@guest with ${described(how)}: ${command}`;
  if (result.outcome === 'let-in') {
    guest.note({ action, observed: result.output, access: 'ssh' });
    return { status: result.status, output: result.output.trimEnd() };
  }
  guest.note({ action, observed: result.log, access: 'outside' });
  const wanted = `expected ${user} to be let in with ${described(how)}`;
  throw result.outcome === 'refused'
    ? new GuestError('login-refused', `${wanted}, got: ${lastLine(result.log)}`)
    : new GuestError('login-no-answer', `${wanted}, got neither yes nor no: ${lastLine(result.log)}`, {
        ranOut: true,
      });
}
