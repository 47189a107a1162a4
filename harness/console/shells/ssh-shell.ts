import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { GuestError } from '../../errors.ts';
import { maxOutputBytes, nameOf, outputTooLong, type Shell } from './shell.ts';
import { frameBytes, inFrame, readFrame } from './ssh-frame.ts';
import { credentialOptions, ownPrivateKey, clientFault, sshOptions } from './ssh.ts';
import type { SshTarget } from './ssh.ts';

export interface SshShellOptions extends SshTarget {
  /** Path of the private key. */
  privateKey: string;
  /** Multiplies every time limit. @default 1 */
  slowness?: number;
}

/** A shell over one SSH connection; each command is a session of it. */
export interface SshShell extends Shell {
  readonly access: 'ssh';
  /** Closes the connection; resolves when its process is gone. Safe to call more than once. */
  close(): Promise<void>;
}

/** Seconds for a login: key exchange and PAM are slow in an emulated machine. */
const loginSeconds = 60;

/** Runs the script that comes on stdin. */
const fromInput = 'script=$(cat); sh -c "$script" </dev/null 2>&1';

/**
 * Logs in by key and keeps the connection: a login costs seconds in an emulated machine, a command on it does not.
 * @param options `signal` ends the login, not the shell; `scratch` takes the connection's socket.
 * @throws GuestError `ssh-no-login` when the guest does not let the key in.
 * @throws HostError `ssh-missing` when there is no ssh on the host.
 */
export async function openSshShell(options: SshShellOptions): Promise<SshShell> {
  const { host, port, scratch, signal, slowness = 1 } = options;
  signal.throwIfAborted();
  const privateKey = await ownPrivateKey(options.privateKey, scratch);
  const socket = `mux-${randomBytes(3).toString('hex')}`;
  const destination = ['-p', String(port), '-l', options.user, '--', host];

  // In the foreground, so that it stays our child: it goes when we do, and when the machine does.
  // ssh runs the local command when it has logged in and listens on the socket.
  const master = execa(
    'ssh',
    ['-M', '-N', '-S', socket, '-o', 'PermitLocalCommand=yes', '-o', 'LocalCommand=echo listening'].concat(
      ['-o', 'ServerAliveInterval=15'],
      sshOptions(),
      credentialOptions({ by: 'key', privateKey }, scratch),
      destination,
    ),
    { cwd: scratch, stdin: 'ignore', reject: false, env: { LC_ALL: 'C' } },
  );
  const close = async (): Promise<void> => {
    master.kill();
    await master;
    // One that had no time to end in order leaves it.
    await rm(join(scratch, socket), { force: true });
  };

  const run: Shell['run'] = async (script, { timeoutSeconds = 60 } = {}) => {
    const mark = randomBytes(12).toString('hex');
    const timeout = timeoutSeconds * slowness * 1000;
    // Without credentials of its own: it goes over the open connection or not at all.
    const args = [
      '-S',
      socket,
      ...sshOptions(),
      ...credentialOptions({ by: 'none' }, scratch),
      ...destination,
      inFrame(mark, fromInput),
    ];
    const result = await execa('ssh', args, {
      cwd: scratch,
      input: script,
      reject: false,
      timeout: Math.ceil(timeout),
      maxBuffer: maxOutputBytes + frameBytes,
      encoding: 'buffer',
      stripFinalNewline: false,
    });
    const answer = readFrame(result.stdout, mark);
    if (answer !== null) return answer;
    const fault = clientFault(result);
    if (fault !== null) throw fault;
    if (result.isMaxBuffer) throw outputTooLong(nameOf(script));
    const evidence = [result.stdout, result.stderr]
      .map((bytes) => Buffer.from(bytes).toString())
      .join('\n')
      .trim();
    const seconds = Math.round(timeout / 1000);
    if (result.timedOut)
      throw new GuestError('command-timeout', `no answer by ssh within ${seconds} s`, {
        evidence,
        ranOut: true,
      });
    throw new GuestError('console-garbled', 'the answer by ssh broke off before the command had ended', {
      evidence,
    });
  };

  const seconds = loginSeconds * slowness;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(seconds * 1000))]);
  const giveUp = (): unknown => master.kill();
  limit.addEventListener('abort', giveUp, { once: true });
  const listening = new Promise<void>((resolve) => master.stdout.once('data', () => resolve()));
  const ended = await Promise.race([listening, master]);
  limit.removeEventListener('abort', giveUp);
  if (ended !== undefined || limit.aborted) {
    await close();
    signal.throwIfAborted();
    const fault = ended === undefined ? null : clientFault(ended);
    if (fault !== null) throw fault;
    const said = ended?.stderr ?? '';
    const why = limit.aborted ? `no answer within ${Math.round(seconds)} s` : said.split('\n').at(-1);
    throw new GuestError('ssh-no-login', `no login by ssh with the key: ${why}`, { evidence: said });
  }
  try {
    const { output } = await run('id -un');
    return { access: 'ssh', user: output.trim(), run, close };
  } catch (error) {
    await close();
    throw error;
  }
}
