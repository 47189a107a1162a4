import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from '../../harness/console/guest.ts';
import { login, ownPrivateKey } from '../../harness/console/shells/ssh.ts';
import type { SshCredentials, SshResult } from '../../harness/console/shells/ssh.ts';
import { inFrame, readFrame } from '../../harness/console/shells/ssh-frame.ts';
import { HostError } from '../../harness/errors.ts';
import { quote } from '../../harness/shell-quote.ts';
import { runAsRoot } from '../guest-script.ts';
import { lastLine } from '../last-line.ts';
import { parseAlgorithms, weakAlgorithms } from './algorithms.ts';
import { makeKey } from './make-key.ts';
import { compareMethods } from './methods.ts';

const loginSeconds = 45;
/** An overloaded sshd drops connections for a while. */
const attempts = 3;
/**
 * One that has heard wrong proofs does so for a quarter of a minute and more (PerSourcePenalties, since OpenSSH 9.8), and
 * says it (sshd.c, drop_connection).
 */
const penalty = { words: /Not allowed at this time/, attempts: 8 };

/**
 * Logs in, again where neither yes nor no was the answer, and where the server ended the connection before it had heard all:
 * by its own count (MaxAuthTries) a password is one proof, and the same by keyboard-interactive another.
 */
async function tryLogin(
  guest: Guest,
  user: string,
  credentials: SshCredentials,
  command: string,
): Promise<SshResult> {
  const { ssh, scratch, signal, slowness } = guest;
  for (let attempt = 1; ; attempt++) {
    const result = await login(
      { ...ssh, user, scratch, signal },
      credentials,
      command,
      loginSeconds * slowness * 1000,
    );
    if (result.outcome === 'refused' && credentials.by === 'password' && result.untried.length > 0) {
      const others = await tryLogin(guest, user, { ...credentials, methods: result.untried }, command);
      return { ...others, log: `${result.log}\n${others.log}` };
    }
    const most = penalty.words.test(result.trace) ? penalty.attempts : attempts;
    if (result.outcome !== 'no-answer' || attempt >= most) return result;
    await sleep(attempt * 3000, undefined, { signal });
  }
}

/** A login by key runs a command, and runs it in this machine: it reads a file that was put there by another way. */
export async function checkKeyLogin(
  guest: Guest,
  user: string,
  privateKey: string,
  whose: string,
): Promise<string | null> {
  const made = await runAsRoot(
    guest,
    `f=$(mktemp) && printf %s ${quote(guest.nonce)} > "$f" && chmod 644 "$f" && echo "file $f"`,
  );
  const file = /^file (\S+)\r?$/m.exec(made.output)?.[1] ?? '';
  const own = await ownPrivateKey(privateKey, guest.scratch);
  const script = `cat ${quote(file)}; echo; id -un`;
  const mark = randomBytes(12).toString('hex');
  const result = await tryLogin(guest, user, { by: 'key', privateKey: own }, inFrame(mark, script));
  await runAsRoot(guest, `rm -f ${quote(file)}`);
  const action = `ssh ${user}@guest with ${whose} key: ${script}`;
  if (result.outcome !== 'let-in') {
    guest.note({ action, observed: result.log, access: 'ssh' });
    return `expected ${user} to be let in with ${whose} key, got: ${lastLine(result.log)}`;
  }
  // Without a frame another command ran than ours, or none.
  const output = readFrame(Buffer.from(result.output), mark)?.output ?? result.output.replaceAll(mark, '');
  guest.note({ action, observed: output, access: 'ssh' });
  const [nonce, who] = output.split('\n').map((line) => line.trim());
  if (nonce === guest.nonce && who === user) return null;
  return `expected a command by ssh to run as ${user} in this guest, got ${JSON.stringify(output.slice(0, 200))}`;
}

/** What must not let anybody in, and how it is tried. */
const wrongProofs = {
  'empty-password': 'the empty password',
  'made-up-password': 'a password that was made up',
  none: 'no key and no password',
  stranger: "a stranger's key",
} as const;

/**
 * Nobody is let in with the empty password, with one that was made up, with a key that nobody authorized, or with no
 * proof at all. Only the server's own no to that proof is a no. All are tried at once, since PAM lets a wrong password wait.
 * What the server offers to whoever asks is held against its settings.
 * @throws HostError where a proof was not given, and nothing else is known to be broken.
 */
export async function checkRefusals(
  guest: Guest,
  user: string,
  settings: ReadonlyMap<string, string>,
): Promise<string[]> {
  const privateKey = await makeKey(guest);
  const credentials: Record<keyof typeof wrongProofs, SshCredentials> = {
    'empty-password': { by: 'password', password: '' },
    'made-up-password': { by: 'password', password: guest.nonce },
    none: { by: 'none' },
    stranger: { by: 'key', privateKey },
  };
  const names = Object.keys(credentials) as (keyof typeof wrongProofs)[];
  const tries = names.map(async (by) => ({
    by,
    result: await tryLogin(guest, user, credentials[by], 'id -un'),
  }));
  const problems: (string | null)[] = [];
  const faults: unknown[] = [];
  for (const tried of await Promise.allSettled(tries)) {
    if (tried.status === 'rejected') {
      faults.push(tried.reason);
      continue;
    }
    const { by, result } = tried.value;
    const what = wrongProofs[by];
    guest.note({
      action: `ssh ${user}@guest with ${what}`,
      observed: result.outcome === 'let-in' ? `${result.log}\n${result.output.trim()}` : result.log,
      access: 'outside',
    });
    problems.push(problemOf(user, what, result));
    if (by === 'none') problems.push(...checkOffers(guest, result, settings));
  }
  const real = problems.filter((problem) => problem !== null);
  // What is known to be broken outweighs what could not be tried.
  if (real.length === 0 && faults.length > 0) throw faults[0];
  return real;
}

/** Why this is not the refusal that it should be, in one sentence; null: it is. */
function problemOf(user: string, what: string, result: SshResult): string | null {
  const wanted = `expected a login with ${what} to be refused`;
  switch (result.outcome) {
    case 'let-in':
      return `${wanted}, but sshd lets ${user} in with it (method ${result.method})`;
    case 'half-way':
      return `${wanted}, but sshd takes it as the first of several proofs (method ${result.method})`;
    case 'no-answer':
      return `${wanted}, got neither yes nor no: ${lastLine(result.log)}`;
    case 'refused':
      return null;
  }
}

/** What the server told a stranger about itself. */
function checkOffers(
  guest: Guest,
  result: SshResult,
  settings: ReadonlyMap<string, string>,
): (string | null)[] {
  // Nothing came that could be looked at.
  if (result.outcome === 'no-answer') return [];
  const algorithms = parseAlgorithms(result.trace);
  if (algorithms.size === 0) {
    throw new HostError(
      'ssh-not-understood',
      "ssh's log does not tell what the server offers, so nothing is known of it.",
      { hint: 'Take an OpenSSH client that tells it at LogLevel DEBUG2, such as those of Debian 12 and 13.' },
    );
  }
  const observed = [...algorithms].map(([what, names]) => `${what}: ${names.join(',')}`).join('\n');
  guest.note({ action: 'algorithms that the server offers', observed, access: 'outside' });
  const methods = result.outcome === 'refused' ? compareMethods(settings, result.methods) : null;
  return [weakAlgorithms(algorithms), methods];
}
