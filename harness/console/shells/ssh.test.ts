import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { startSshServer } from '../../../test/ssh-server.ts';
import type { SshServerOptions } from '../../../test/ssh-server.ts';
import { me } from '../../../test/host-guest.ts';
import { clientFault, login, ownPrivateKey, understandLogin } from './ssh.ts';
import type { SshCredentials, SshResult } from './ssh.ts';

const limitMs = 30_000;

/** One login at a server of its own. */
async function attempt(options: SshServerOptions, credentials: SshCredentials | 'key'): Promise<SshResult> {
  await using server = await startSshServer(options);
  const scratch = await scratchDirectory();
  const target = {
    host: '127.0.0.1',
    port: server.port,
    user: me,
    scratch,
    signal: new AbortController().signal,
  };
  const privateKey = await ownPrivateKey(server.privateKey, scratch);
  return await login(
    target,
    credentials === 'key' ? { by: 'key', privateKey } : credentials,
    'echo out; echo err >&2; exit 3',
    limitMs,
  );
}

describe('login', () => {
  it('runs a command with the key', async () => {
    const result = await attempt({}, 'key');
    expect(result).toMatchObject({ outcome: 'let-in', method: 'publickey', status: 3, output: 'out\n' });
  });

  it.each<[string, SshCredentials]>([
    ['the empty password', { by: 'password', password: '' }],
    ['a wrong password', { by: 'password', password: `it's "$PATH"` }],
    ['nothing', { by: 'none' }],
  ])('is refused by %s where the server is right', async (_, credentials) => {
    expect(await attempt({}, credentials)).toMatchObject({
      outcome: 'refused',
      methods: ['publickey', 'password'],
    });
  });

  it('is refused with a key that the server does not take', async () => {
    expect(await attempt({ takesKey: false }, 'key')).toMatchObject({ outcome: 'refused' });
  });

  it('tells a server that lets the empty password in', async () => {
    const result = await attempt({ letsIn: 'empty-password' }, { by: 'password', password: '' });
    expect(result).toMatchObject({ outcome: 'let-in', method: 'password' });
  });

  it('proves itself by the password as it is', async () => {
    const password = `it's "$PATH"`;
    const result = await attempt({ password }, { by: 'password', password });
    expect(result).toMatchObject({ outcome: 'let-in', method: 'password' });
  });

  it('tells a server that lets everybody in', async () => {
    expect(await attempt({ letsIn: 'none' }, { by: 'none' })).toMatchObject({
      outcome: 'let-in',
      method: 'none',
    });
  });

  it('is no answer of the guest where ssh does not run for this user', async () => {
    const bin = await scratchDirectory();
    const path = process.env['PATH'];
    await writeFile(join(bin, 'ssh'), '#!/bin/sh\necho "No user exists for uid 12345" >&2\nexit 255\n', {
      mode: 0o755,
    });
    onTestFinished(() => void (process.env['PATH'] = path));
    process.env['PATH'] = `${bin}:${path}`;
    await expect(attempt({}, { by: 'none' })).rejects.toMatchObject({
      code: 'ssh-failed',
      message: 'ssh did not even connect to the guest; it said: No user exists for uid 12345',
    });
  });

  it('is no refusal where nobody answers', async () => {
    const server = await startSshServer();
    const target = {
      host: '127.0.0.1',
      port: server.port,
      user: me,
      scratch: await scratchDirectory(),
      signal: new AbortController().signal,
    };
    await server[Symbol.asyncDispose]();
    const result = await login(target, { by: 'none' }, 'true', limitMs);
    expect(result).toMatchObject({
      outcome: 'no-answer',
      log: expect.stringContaining('Connection refused'),
    });
  });
});

/** Logs of OpenSSH 9.2 against its own server, as far as they matter here. */
const begins = 'debug1: SSH2_MSG_SERVICE_ACCEPT received\n';
const goesOn = 'debug1: Authentications that can continue: publickey,password,keyboard-interactive\n';
const password =
  'debug1: Next authentication method: password\ndebug2: we sent a password packet, wait for reply\n';
const interactive =
  'debug1: Next authentication method: keyboard-interactive\ndebug2: userauth_kbdint\ndebug2: we sent a keyboard-interactive packet, wait for reply\ndebug2: input_userauth_info_req: num_prompts 1\n';
const key =
  'debug1: Next authentication method: publickey\ndebug1: Offering public key: key ED25519 SHA256:abc explicit\ndebug2: we sent a publickey packet, wait for reply\n';
const noKey =
  'debug1: Next authentication method: publickey\nLoad key "key": invalid format\ndebug2: we did not send a packet, disable method\n';
const denied = 'g: Permission denied (publickey,password,keyboard-interactive).\r\n';
const tooMany =
  'Received disconnect from 127.0.0.1 port 22:2: Too many authentication failures\r\nDisconnected from 127.0.0.1 port 22\r\n';
const closed = 'Connection closed by 127.0.0.1 port 22\n';

describe('understandLogin', () => {
  const byKey: SshCredentials = { by: 'key', privateKey: 'key' };
  const byPassword: SshCredentials = { by: 'password', password: 'x' };
  const read = (credentials: SshCredentials, trace: string, told: number) =>
    understandLogin(credentials, { exitCode: 255, output: '', trace, told });

  it.each<[string, SshCredentials, string, number, object]>([
    ['no proof', { by: 'none' }, begins + goesOn + denied, 0, { outcome: 'refused', untried: [] }],
    ['a key', byKey, begins + goesOn + key + goesOn + denied, 0, { outcome: 'refused', untried: [] }],
    ['a key, MaxAuthTries 1', byKey, begins + goesOn + key + tooMany, 0, { outcome: 'refused', untried: [] }],
    [
      'a password by both methods',
      byPassword,
      begins + goesOn + password + goesOn + interactive + goesOn + denied,
      2,
      { outcome: 'refused', untried: [] },
    ],
    [
      'a password, MaxAuthTries 2',
      byPassword,
      begins + goesOn + password + goesOn + interactive + tooMany,
      2,
      { outcome: 'refused', untried: [] },
    ],
    [
      'a password, MaxAuthTries 1: the other method is not tried',
      byPassword,
      begins + goesOn + password + tooMany,
      1,
      { outcome: 'refused', untried: ['keyboard-interactive'] },
    ],
    [
      'a banner without a newline before each word of the client',
      byPassword,
      `${begins}Welcome${goesOn}Welcome${password}Welcome${goesOn}Welcome${interactive}Welcome${goesOn}${denied}`,
      2,
      { outcome: 'refused', untried: [] },
    ],
    [
      'a password that the server takes by no method',
      byPassword,
      `${begins}debug1: Authentications that can continue: publickey\ng: Permission denied (publickey).\n`,
      0,
      { outcome: 'refused', methods: ['publickey'], untried: [] },
    ],
    [
      'a key as the first of several proofs',
      byKey,
      `${begins}${goesOn}${key}Authenticated using "publickey" with partial success.\n${goesOn}${denied}`,
      0,
      { outcome: 'half-way', method: 'publickey' },
    ],
    [
      'a refusal that only the banner claims',
      byKey,
      `${begins}${denied}${closed}`,
      0,
      { outcome: 'no-answer' },
    ],
    ['no answer to the key', byKey, `${begins}${goesOn}${key}${closed}`, 0, { outcome: 'no-answer' }],
    [
      'the end before any proof',
      byPassword,
      `${begins}${goesOn}debug1: Next authentication method: password\n${tooMany}`,
      0,
      { outcome: 'no-answer' },
    ],
    ['a changed host key', byKey, 'Host key verification failed.', 0, { outcome: 'no-answer' }],
    [
      'a penalty',
      byKey,
      'kex_exchange_identification: Connection closed by remote host',
      0,
      { outcome: 'no-answer' },
    ],
    [
      'a command that failed with ssh’s own status',
      byKey,
      `${begins}${goesOn}${key}Authenticated to g ([::1]:22) using "publickey".`,
      0,
      { outcome: 'let-in', method: 'publickey', status: 255 },
    ],
  ])('%s', (_, credentials, trace, told, outcome) => {
    expect(read(credentials, trace, told)).toMatchObject(outcome);
  });

  it('no answer in time, whatever was said by then', () => {
    const trace = `${begins}${goesOn}${interactive}no answer within 45 s`;
    const end = { exitCode: undefined, output: '', trace, told: 0 };
    expect(understandLogin(byPassword, end)).toMatchObject({
      outcome: 'no-answer',
      log: 'no answer within 45 s',
    });
  });

  it.each<[string, SshCredentials, string, number, RegExp]>([
    [
      'the program that tells the password did not run',
      byPassword,
      `${begins}${goesOn}ssh_askpass: exec(/x/askpass): Permission denied\n${password}${goesOn}${interactive}${goesOn}${denied}`,
      0,
      /^ssh could not run the program that tells it the password \(ssh_askpass: exec\(\/x\/askpass\): Permission denied\), so nothing is known of whom the server lets in\.$/,
    ],
    [
      'it did so once only',
      byPassword,
      begins + goesOn + password + goesOn + interactive + goesOn + denied,
      1,
      /asked 2 times and answered 1/,
    ],
    [
      'it did not run, and the server let in with an empty answer',
      byPassword,
      `${begins}${goesOn}${password}Authenticated to g ([::1]:22) using "password".`,
      0,
      /could not run/,
    ],
    [
      'the key could not be read',
      byKey,
      begins + goesOn + noKey + denied,
      0,
      /^ssh did not try publickey, which the server takes \(Load key "key": invalid format\), so nothing/,
    ],
  ])('knows nothing of the guest where %s', (_, credentials, trace, told, message) => {
    expect(() => read(credentials, trace, told)).toThrow(
      expect.objectContaining({ code: 'proof-not-given', message: expect.stringMatching(message) }),
    );
  });
});

describe('clientFault', () => {
  const noPort = 'ssh: connect to host 127.0.0.1 port 4022: Cannot assign requested address\r\n';

  it('is what the host ran out of', () => {
    expect(clientFault({ stderr: noPort })).toMatchObject({ code: 'port-taken', transient: true });
    expect(clientFault({ stderr: `OpenSSH_9.2p1\ndebug1: connecting\n${noPort}` })).not.toBeNull();
    const starting = Object.assign(new Error('spawn ssh EAGAIN'), { code: 'EAGAIN', stderr: '' });
    expect(clientFault(starting)).toMatchObject({ code: 'out-of-processes' });
    expect(clientFault({ code: 'ENOENT', stderr: '' })).toMatchObject({ code: 'ssh-missing' });
  });

  it('is nothing that a guest refuses or says', () => {
    const refused = 'ssh: connect to host 127.0.0.1 port 4022: Connection refused\r\n';
    expect(clientFault({ stderr: refused })).toBeNull();
    expect(clientFault({ stderr: Buffer.from(`Welcome!\n${noPort}`) })).toBeNull();
  });
});
