import { randomBytes } from 'node:crypto';
import { chmod, copyFile, rm } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { HostError } from '../../errors.ts';
import { shortageIn, shortageOf } from '../../shortage.ts';
import { parseLoginLog, withoutDebugging } from './ssh-log.ts';

/** A guest's SSH server as it is reached from the host. */
export interface SshTarget {
  host: string;
  port: number;
  user: string;
  /** Directory for known_hosts and keys. One a machine: the first host key that is seen must stay the same. */
  scratch: string;
  signal: AbortSignal;
}

/**
 * How to prove who we are: `key` with this private half, `password` with this text by each of these methods that the server
 * takes (default: all that take a text), `none` with nothing.
 */
export type SshCredentials =
  | { by: 'key'; privateKey: string }
  | { by: 'password'; password: string; methods?: readonly string[] }
  | { by: 'none' };

/** What a login came to. `log` is what the client said to people, `trace` all that it said. */
export type SshResult = (
  | /** The server let us in by `method`; `output` and `status` are the command's. */
    { outcome: 'let-in'; method: string; status: number; output: string }
  /** The server took the proof, as the first of several. */
  | { outcome: 'half-way'; method: string }
  /**
   * The server got the proof by each method and answered no, or takes no such proof; `methods` is what it offers. `untried`
   * are those of ours for which it ended the connection too soon: they are another login's.
   */
  | { outcome: 'refused'; methods: string[]; untried: string[] }
  /** Neither: no connection, no answer in time, a host key that changed. Says nothing about who may log in. */
  | { outcome: 'no-answer' }
) & { log: string; trace: string };

/** By name only: ssh takes `%`, `~`, `$` and blanks in the path of a file for its own, so it runs in `scratch`. */
const knownHosts = 'known_hosts';

/** Lets the machine have another host key than the one that was seen. */
export const forgetHostKeys = (scratch: string): Promise<void> =>
  rm(join(scratch, knownHosts), { force: true });

/**
 * Options that keep the host's own configuration, keys, agent and known hosts out of it; for an ssh that runs in the
 * scratch directory.
 * @param logLevel as in ssh_config(5). @default VERBOSE
 */
export function sshOptions(logLevel = 'VERBOSE'): string[] {
  const settings = {
    ClearAllForwardings: 'yes',
    ControlPath: 'none',
    GlobalKnownHostsFile: '/dev/null',
    GSSAPIAuthentication: 'no',
    HostbasedAuthentication: 'no',
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    LogLevel: logLevel,
    NumberOfPasswordPrompts: '1',
    StrictHostKeyChecking: 'accept-new',
    UpdateHostKeys: 'no',
    UserKnownHostsFile: knownHosts,
  };
  return [
    '-F',
    'none',
    '-T',
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
}

/** The methods that carry a proof (RFC 4252, RFC 4256). */
function methodsOf(credentials: SshCredentials): readonly string[] {
  if (credentials.by === 'password') return credentials.methods ?? ['password', 'keyboard-interactive'];
  // The client asks by method `none` first, to learn the others: there it stops at that.
  return [credentials.by === 'key' ? 'publickey' : 'none'];
}

/** The client's options for one kind of proof, and only that; a private key is named from `scratch`, where ssh runs. */
export function credentialOptions(credentials: SshCredentials, scratch: string): string[] {
  const settings = {
    BatchMode: credentials.by === 'password' ? 'no' : 'yes',
    PreferredAuthentications: methodsOf(credentials).join(','),
    PubkeyAuthentication: credentials.by === 'key' ? 'yes' : 'no',
  };
  const identity = credentials.by === 'key' ? ['-i', relative(scratch, credentials.privateKey)] : [];
  return [...identity, ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

/** Copies a private key to where only its owner can read it: ssh takes no other, and a checkout's mode is nobody's choice. */
export async function ownPrivateKey(privateKey: string, scratch: string): Promise<string> {
  const copy = join(scratch, `identity-${randomBytes(3).toString('hex')}`);
  await copyFile(privateKey, copy);
  await chmod(copy, 0o600);
  return copy;
}

/**
 * Answers to ssh with the password. It is run, so it stands among our own files: the scratch directory may be on a file
 * system on which nothing can be (`noexec`).
 */
const askpass = join(
  dirname(findPackageJSON('..', import.meta.url) ?? '.'),
  'harness/console/shells/askpass',
);

/** How a client ended. */
interface ClientEnd {
  /** Undefined where it was ended. */
  exitCode: number | undefined;
  output: string;
  /** What it said, at LogLevel DEBUG2. */
  trace: string;
  /** How often it was told a password. */
  told: number;
}

/**
 * Reads in the client's own words whether it was let in. It was refused where the server said so to each proof that it
 * takes, and to nothing less.
 * @throws HostError `proof-not-given` where the client did not do its part: then the server's no is to something else.
 */
export function understandLogin(credentials: SshCredentials, end: ClientEnd): SshResult {
  const { exitCode, output, trace, told } = end;
  const log = withoutDebugging(trace);
  const { steps, offered, letInBy, cutOff, denied } = parseLoginLog(trace);
  if (exitCode === undefined && letInBy === null) return { outcome: 'no-answer', log, trace };
  const asked = steps.reduce((sum, { prompts }) => sum + prompts, 0);
  if (told < asked) {
    const why = /^ssh_askpass: .*$/m.exec(log)?.[0] ?? `it was asked ${asked} times and answered ${told}`;
    throw notGiven(`ssh could not run the program that tells it the password (${why.trim()})`, {
      hint: `Let ${askpass} be executable (chmod +x), on a file system that is not mounted noexec.`,
    });
  }
  if (letInBy !== null)
    return { outcome: 'let-in', method: letInBy, status: exitCode ?? 255, output, log, trace };
  const first = steps.find(({ answer }) => answer === 'first');
  if (first !== undefined) return { outcome: 'half-way', method: first.method, log, trace };
  const taken = methodsOf(credentials).filter(
    (method) => credentials.by === 'none' || offered.includes(method),
  );
  const untried = taken.filter(
    (wanted) => !steps.some(({ method, sent, answer }) => method === wanted && sent && answer !== null),
  );
  const answered = steps[0]?.answer === 'no' && steps.every(({ sent, answer }) => !sent || answer !== null);
  const cutBeforeAny = cutOff && untried.length > 0 && untried.length === taken.length;
  if (!answered || !(cutOff || denied) || cutBeforeAny) return { outcome: 'no-answer', log, trace };
  if (untried.length > 0 && !cutOff) {
    const why = log.split('\n').find((line) => !line.includes('Permission denied (')) ?? '';
    throw notGiven(`ssh did not try ${untried.join(', ')}, which the server takes (${why.trim()})`);
  }
  return { outcome: 'refused', methods: offered, untried, log, trace };
}

/** No proof reached the server that could be refused. */
const notGiven = (what: string, details: { hint?: string } = {}): HostError =>
  new HostError('proof-not-given', `${what}, so nothing is known of whom the server lets in.`, details);

/**
 * Logs in once and runs a command.
 * @param timeoutMs bound on all of it; running out of it is `no-answer`.
 * @throws HostError `ssh-missing` when there is no ssh on the host, `ssh-failed`, `proof-not-given`, or what the host ran out of.
 */
export async function login(
  target: SshTarget,
  credentials: SshCredentials,
  command: string,
  timeoutMs: number,
): Promise<SshResult> {
  // Nobody but askpass can say this.
  const asked = randomBytes(12).toString('hex');
  const args = [
    ...sshOptions('DEBUG2'),
    ...credentialOptions(credentials, target.scratch),
    '-p',
    String(target.port),
    '-l',
    target.user,
    '--',
    target.host,
    command,
  ];
  const result = await execa('ssh', args, {
    cwd: target.scratch,
    env: {
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      DISPLAY: 'none',
      LC_ALL: 'C',
      BOOT_MATRIX_ASKED: asked,
      BOOT_MATRIX_PASSWORD: credentials.by === 'password' ? credentials.password : '',
    },
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
    timeout: Math.ceil(timeoutMs),
    cancelSignal: target.signal,
    maxBuffer: 1024 * 1024,
  });
  target.signal.throwIfAborted();
  const fault = clientFault(result);
  if (fault !== null) throw fault;
  const said = result.stderr.split(`${asked}\n`);
  const trace = said.join('').trim();
  // The client says so before it does it: what keeps it from that is no answer of the guest's.
  if (result.exitCode === 255 && !/^debug1: Connecting to /m.test(trace)) {
    const why = withoutDebugging(trace).split('\n').at(-1) ?? '';
    throw new HostError('ssh-failed', `ssh did not even connect to the guest; it said: ${why.trim()}`);
  }
  return understandLogin(credentials, {
    exitCode: result.timedOut ? undefined : result.exitCode,
    output: result.stdout,
    trace: result.timedOut ? `${trace}\nno answer within ${Math.round(timeoutMs / 1000)} s` : trace,
    told: said.length - 1,
  });
}

/** What kept the client itself from reaching the guest, or null; none of it says anything about the guest. */
export function clientFault(result: {
  code?: string | undefined;
  stderr: string | Uint8Array;
}): HostError | null {
  if (['ENOENT', 'EACCES', 'EPERM'].includes(result.code ?? '')) return sshMissing(result);
  // The client's first own word: whatever comes later may be the guest's.
  const lines = Buffer.from(result.stderr).toString().split('\n');
  const said = lines.find((line) => isNoTrace(line)) ?? '';
  const noWay = said.startsWith('ssh: connect to host ') ? said : '';
  return shortageOf(result) ?? shortageIn(noWay, 'ssh could not reach the guest');
}

const isNoTrace = (line: string): boolean => !/^(?:debug\d: |OpenSSH_)/.test(line);

/** There is no ssh on this host, or none for this user. */
export const sshMissing = (cause: unknown): HostError =>
  new HostError('ssh-missing', 'This host has no ssh that can be run.', {
    hint: 'On Debian: apt-get install openssh-client.',
    cause,
  });
