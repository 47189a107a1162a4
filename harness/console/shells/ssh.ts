import { randomBytes } from 'node:crypto';
import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { HostError } from '../../errors.ts';
import { quote } from '../../shell-quote.ts';
import { shortageIn, shortageOf } from '../../shortage.ts';

/** A guest's SSH server as it is reached from the host. */
export interface SshTarget {
  host: string;
  port: number;
  user: string;
  /** Directory for known_hosts and keys. One a machine: the first host key that is seen must stay the same. */
  scratch: string;
  signal: AbortSignal;
}

/** How to prove who we are: `key` with this private half, `password` with this text, `none` with nothing. */
export type SshCredentials =
  | { by: 'key'; privateKey: string }
  | { by: 'password'; password: string }
  | { by: 'none' };

/** What a login came to. `log` is what the client said. */
export type SshResult =
  /** The server let us in by `method`; `output` and `status` are the command's. */
  | { outcome: 'let-in'; method: string; status: number; output: string; log: string }
  /** The server asked for proof, got it and answered no; `methods` is what it offered. */
  | { outcome: 'refused'; methods: string[]; log: string }
  /** Neither: no connection, no answer in time, a host key that changed. Says nothing about who may log in. */
  | { outcome: 'no-answer'; log: string };

const knownHosts = (scratch: string): string => join(scratch, 'known_hosts');

/** Lets the machine have another host key than the one that was seen. */
export const forgetHostKeys = (scratch: string): Promise<void> => rm(knownHosts(scratch), { force: true });

/**
 * Options that keep the host's own configuration, keys, agent and known hosts out of it.
 * @param logLevel as in ssh_config(5). @default VERBOSE
 */
export function sshOptions(scratch: string, logLevel = 'VERBOSE'): string[] {
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
    UserKnownHostsFile: knownHosts(scratch),
  };
  return [
    '-F',
    'none',
    '-T',
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
}

/** The client's options for one kind of proof, and only that. */
export function credentialOptions(credentials: SshCredentials): string[] {
  const settings = {
    key: { BatchMode: 'yes', PreferredAuthentications: 'publickey' },
    password: {
      BatchMode: 'no',
      PreferredAuthentications: 'password,keyboard-interactive',
      PubkeyAuthentication: 'no',
    },
    // The client asks by method `none` first, to learn the others: here it stops at that.
    none: { BatchMode: 'yes', PreferredAuthentications: 'none', PubkeyAuthentication: 'no' },
  }[credentials.by];
  const identity = credentials.by === 'key' ? ['-i', credentials.privateKey] : [];
  return [...identity, ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

/** Copies a private key to where only its owner can read it: ssh takes no other, and a checkout's mode is nobody's choice. */
export async function ownPrivateKey(privateKey: string, scratch: string): Promise<string> {
  const copy = join(scratch, `identity-${randomBytes(3).toString('hex')}`);
  await copyFile(privateKey, copy);
  await chmod(copy, 0o600);
  return copy;
}

/** Reads the client's own words: was it let in, was it refused? The guest's banner is in there too, so the last word counts. */
export function understandLogin(exitCode: number | undefined, output: string, log: string): SshResult {
  const method = /^Authenticated to .* using "([\w-]+)"\.?\r?$/m.exec(log)?.[1];
  if (method !== undefined) return { outcome: 'let-in', method, status: exitCode ?? 255, output, log };
  const methods = /: Permission denied \(([\w,@.-]*)\)\.\s*$/.exec(log)?.[1];
  if (exitCode === 255 && methods !== undefined)
    return { outcome: 'refused', methods: methods.split(','), log };
  return { outcome: 'no-answer', log };
}

/**
 * Logs in once and runs a command.
 * @param timeoutMs bound on all of it; running out of it is `no-answer`.
 * @throws HostError `ssh-missing` when there is no ssh on the host, or what the host ran out of.
 */
export async function login(
  target: SshTarget,
  credentials: SshCredentials,
  command: string,
  timeoutMs: number,
): Promise<SshResult> {
  const askpass = join(target.scratch, `askpass-${randomBytes(3).toString('hex')}`);
  const password = credentials.by === 'password' ? credentials.password : '';
  await writeFile(askpass, `#!/bin/sh\nprintf '%s\\n' ${quote(password)}\n`, { mode: 0o700 });
  const args = [
    // Who asks without proof learns what the server offers.
    ...sshOptions(target.scratch, credentials.by === 'none' ? 'DEBUG2' : 'VERBOSE'),
    ...credentialOptions(credentials),
    '-p',
    String(target.port),
    '-l',
    target.user,
    '--',
    target.host,
    command,
  ];
  const result = await execa('ssh', args, {
    env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: 'none', LC_ALL: 'C' },
    stdin: 'ignore',
    reject: false,
    timeout: Math.ceil(timeoutMs),
    cancelSignal: target.signal,
    maxBuffer: 1024 * 1024,
  });
  target.signal.throwIfAborted();
  const fault = clientFault(result);
  if (fault !== null) throw fault;
  const log = result.timedOut
    ? `${result.stderr}\nno answer within ${Math.round(timeoutMs / 1000)} s`
    : result.stderr;
  return understandLogin(result.exitCode, result.stdout, log.trim());
}

/** What kept the client itself from reaching the guest, or null; none of it says anything about the guest. */
export function clientFault(result: {
  code?: string | undefined;
  stderr: string | Uint8Array;
}): HostError | null {
  if (result.code === 'ENOENT') return sshMissing(result);
  // The client's first own word: whatever comes later may be the guest's.
  const lines = Buffer.from(result.stderr).toString().split('\n');
  const said = lines.find((line) => isNoTrace(line)) ?? '';
  const noWay = said.startsWith('ssh: connect to host ') ? said : '';
  return shortageOf(result) ?? shortageIn(noWay, 'ssh could not reach the guest');
}

const isNoTrace = (line: string): boolean => !/^(?:debug\d: |OpenSSH_)/.test(line);

/** There is no ssh on this host. */
export const sshMissing = (cause: unknown): HostError =>
  new HostError('ssh-missing', 'This host has no ssh.', {
    hint: 'On Debian: apt-get install openssh-client.',
    cause,
  });
