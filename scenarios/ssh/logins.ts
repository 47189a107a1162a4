import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from '../../harness/console/guest.ts';
import { login, ownPrivateKey } from '../../harness/console/shells/ssh.ts';
import type { SshCredentials, SshResult } from '../../harness/console/shells/ssh.ts';
import { quote } from '../../harness/shell-quote.ts';
import { runAsRoot } from '../guest-script.ts';
import { parseAlgorithms, weakAlgorithms } from './algorithms.ts';
import { makeKey } from './make-key.ts';
import { compareMethods } from './methods.ts';

const loginSeconds = 45;
/** An overloaded or penalising sshd (OpenSSH 9.8, PerSourcePenalties) drops connections for a while. */
const attempts = 3;

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';

/** Logs in, again where neither yes nor no was the answer. */
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
    if (result.outcome !== 'no-answer' || attempt === attempts) return result;
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
  const result = await tryLogin(
    guest,
    user,
    { by: 'key', privateKey: own },
    `cat ${quote(file)}; echo; id -un`,
  );
  await runAsRoot(guest, `rm -f ${quote(file)}`);
  const action = `ssh ${user}@guest with ${whose} key: cat ${file}; id -un`;
  if (result.outcome !== 'let-in') {
    guest.note({ action, observed: result.log, access: 'ssh' });
    return `expected ${user} to be let in with ${whose} key, got: ${lastLine(result.log)}`;
  }
  guest.note({ action, observed: result.output, access: 'ssh' });
  const [nonce, who] = result.output.split('\n').map((line) => line.trim());
  if (nonce === guest.nonce && who === user) return null;
  return `expected a command by ssh to run as ${user} in this guest, got ${JSON.stringify(result.output.slice(0, 200))}`;
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
 * proof at all. Only the server's own no is a no. All are tried at once, since PAM lets a wrong password wait. What the server offers to whoever
 * asks is held against its settings.
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
  const tries = (Object.keys(credentials) as (keyof typeof wrongProofs)[]).map(async (by) => ({
    by,
    result: await tryLogin(guest, user, credentials[by], 'id -un'),
  }));
  const problems: string[] = [];
  for (const { by, result } of await Promise.all(tries)) {
    const what = wrongProofs[by];
    const said = result.outcome === 'let-in' ? `${result.log}\n${result.output}` : result.log;
    guest.note({
      action: `ssh ${user}@guest with ${what}`,
      observed: withoutDebugging(said),
      access: 'outside',
    });
    const wanted = `expected a login with ${what} to be refused`;
    if (result.outcome === 'let-in') {
      problems.push(`${wanted}, but sshd lets ${user} in with it (method ${result.method})`);
    } else if (result.outcome === 'no-answer') {
      problems.push(`${wanted}, got neither yes nor no: ${lastLine(result.log)}`);
    }
    if (by === 'none') problems.push(...checkOffers(guest, result, settings));
  }
  return problems;
}

/** What the server told a stranger about itself. */
function checkOffers(guest: Guest, result: SshResult, settings: ReadonlyMap<string, string>): string[] {
  const algorithms = parseAlgorithms(result.log);
  const observed = [...algorithms].map(([what, names]) => `${what}: ${names.join(',')}`).join('\n');
  guest.note({ action: 'algorithms that the server offers', observed, access: 'outside' });
  const methods = result.outcome === 'refused' ? compareMethods(settings, result.methods) : null;
  return [weakAlgorithms(algorithms), methods].filter((problem) => problem !== null);
}

const withoutDebugging = (log: string): string => log.replaceAll(/^debug\d: .*\r?\n?/gm, '').trim();
