import { describe, expect, it } from 'vitest';
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
    expect(result).toMatchObject({ outcome: 'let-in', method: 'publickey', status: 3, output: 'out' });
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

describe('understandLogin', () => {
  const refusal = 'root@127.0.0.1: Permission denied (publickey,password,keyboard-interactive).';

  it.each([
    ['a refusal', 255, refusal, 'refused'],
    ['a refusal after a banner', 255, `Debian\r\n\r\n${refusal}\r\n`, 'refused'],
    [
      'a refusal that only the banner claims',
      255,
      `${refusal}\nConnection closed by 127.0.0.1 port 22`,
      'no-answer',
    ],
    [
      'a command that failed with ssh’s own status',
      255,
      'Authenticated to g ([::1]:22) using "publickey".',
      'let-in',
    ],
    ['a changed host key', 255, 'Host key verification failed.', 'no-answer'],
    ['a penalty', 255, 'kex_exchange_identification: Connection closed by remote host', 'no-answer'],
    ['a timeout', undefined, 'no answer within 45 s', 'no-answer'],
  ])('%s', (_, exitCode, log, outcome) => {
    expect(understandLogin(exitCode, '', log).outcome).toBe(outcome);
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
