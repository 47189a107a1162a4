import { readdir } from 'node:fs/promises';
import { dir } from 'tmp-promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me } from '../../../test/host-guest.ts';
import { scratchDirectory } from '../../../test/scratch.ts';
import { startSshServer } from '../../../test/ssh-server.ts';
import type { SshServer } from '../../../test/ssh-server.ts';
import { openSshShell } from './ssh-shell.ts';
import type { SshShell } from './ssh-shell.ts';

const signal = new AbortController().signal;

describe('openSshShell', () => {
  let server: SshServer;
  let shell: SshShell;
  let scratch: string;
  let cleanup: () => Promise<void>;

  beforeAll(async () => {
    // ssh takes such characters in a path for its own.
    ({ path: scratch, cleanup } = await dir({ unsafeCleanup: true, prefix: 'a %d %q ${HOME}~' }));
    server = await startSshServer();
    const { port, privateKey } = server;
    // Measured, so no round number.
    const slowness = 1.234567;
    shell = await openSshShell({ host: '127.0.0.1', port, user: me, privateKey, scratch, slowness, signal });
  });
  afterAll(async () => {
    await shell.close();
    await server[Symbol.asyncDispose]();
    await cleanup();
  });

  it('knows who it is', () => {
    expect(shell).toMatchObject({ access: 'ssh', user: me });
  });

  it.each([
    ['output and status', 'echo out; exit 7', { status: 7, output: 'out\n' }],
    ['both streams in order', 'echo a; echo b >&2; echo c', { status: 0, output: 'a\nb\nc\n' }],
    ['no output', 'true', { status: 0, output: '' }],
    ['no newline at the end', 'printf x', { status: 0, output: 'x' }],
    [
      'quotes and backslashes',
      String.raw`printf '%s' "it's \"a\" \\ \$HOME"`,
      { status: 0, output: String.raw`it's "a" \ $HOME` },
    ],
    ['several lines', 'for i in 1 2\ndo echo $i\ndone', { status: 0, output: '1\n2\n' }],
    ['a command that wants input', 'cat; echo end', { status: 0, output: 'end\n' }],
    ['characters', 'echo zöäü-§', { status: 0, output: 'zöäü-§\n' }],
    ['a signal', 'sh -c "kill -9 \\$\\$" 2>/dev/null; exit $?', { status: 137, output: '' }],
  ])('brings back %s', async (_, script, expected) => {
    expect(await shell.run(script)).toMatchObject(expected);
  });

  it('brings back much', async () => {
    const { output } = await shell.run('seq 100000');
    expect(output).toHaveLength(588_895);
  });

  it('brings back bytes that are no text, exactly', async () => {
    const { bytes, output } = await shell.run(String.raw`printf '\000\377\303\033\r\n'`);
    expect(Buffer.from(bytes).toString('latin1')).toBe('\0\xff\xc3\x1b\r\n');
    expect(output).toBe('\0\ufffd\ufffd\x1b\r\n');
  });

  it('refuses more than fits, and goes on', async () => {
    await expect(shell.run('head -c 17000000 /dev/zero')).rejects.toMatchObject({ code: 'output-too-long' });
    expect(await shell.run('echo after')).toMatchObject({ output: 'after\n' });
  });

  it.each([0, 1, 126, 127, 128, 254, 255])('brings back the status %i', async (status) => {
    expect(await shell.run(`exit ${status}`)).toMatchObject({ status });
  });

  it.each([1, 2, 9, 15])('brings back the end by signal %i', async (number) => {
    expect(await shell.run(`kill -${number} $$`)).toMatchObject({ status: 128 + number });
  });

  it('runs commands over one connection', async () => {
    await Promise.all([shell.run('true'), shell.run('true')]);
    expect(server.connections()).toBe(1);
  });

  it('gives up on a command that does not end', async () => {
    await expect(shell.run('echo so far; sleep 60', { timeoutSeconds: 0.5 })).rejects.toMatchObject({
      code: 'command-timeout',
      evidence: expect.stringContaining('so far'),
    });
  });
});

it('leaves no process, connection or socket behind, and says that it is closed', async () => {
  await using server = await startSshServer();
  const scratch = await scratchDirectory();
  const { port, privateKey } = server;
  const shell = await openSshShell({ host: '127.0.0.1', port, user: me, privateKey, scratch, signal });
  await shell.close();
  await shell.close();
  expect((await readdir(scratch)).filter((name) => name.startsWith('mux'))).toEqual([]);
  await expect(shell.run('true')).rejects.toMatchObject({ code: 'console-garbled' });
});

it('runs commands and knows who it is where a login greets', async () => {
  await using server = await startSshServer({ greeting: 'Welcome!\n' });
  const scratch = await scratchDirectory();
  const { port, privateKey } = server;
  const shell = await openSshShell({ host: '127.0.0.1', port, user: me, privateKey, scratch, signal });
  expect(shell.user).toBe(me);
  expect(await shell.run('echo out')).toMatchObject({ status: 0, output: 'out\n' });
  await shell.close();
});

it('says that a key is not let in', async () => {
  await using server = await startSshServer({ takesKey: false });
  const scratch = await scratchDirectory();
  const { port, privateKey } = server;
  const opening = openSshShell({ host: '127.0.0.1', port, user: me, privateKey, scratch, signal });
  await expect(opening).rejects.toMatchObject({
    code: 'ssh-no-login',
    message: `no login by ssh with the key: ${me}@127.0.0.1: Permission denied (publickey,password).`,
  });
});

it('ends a login with the signal', async () => {
  await using server = await startSshServer();
  const scratch = await scratchDirectory();
  const controller = new AbortController();
  const { port, privateKey } = server;
  const opening = openSshShell({
    host: '127.0.0.1',
    port,
    user: me,
    privateKey,
    scratch,
    signal: controller.signal,
  });
  controller.abort(new Error('enough'));
  await expect(opening).rejects.toThrow('enough');
});
