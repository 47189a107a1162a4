import { createServer, type AddressInfo } from 'node:net';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Transcript } from '../../harness/console/serial/transcript.ts';
import { type HostGuest, hostGuest, me } from '../../test/host-guest.ts';
import { scratchDirectory } from '../../test/scratch.ts';
import { startSshServer } from '../../test/ssh-server.ts';
import type { Need } from '../needs.ts';
import { withVerbs } from './verbs.ts';

/** A guest that is this host, whose systemctl says this, and its verbs. */
async function guestWith(
  needs: readonly Need[] = [],
  { systemctl, ...overrides }: Partial<HostGuest> & { systemctl?: string } = {},
) {
  const path = await scratchDirectory();
  if (systemctl !== undefined)
    await writeFile(join(path, 'systemctl'), `#!/bin/sh\n${systemctl}\n`, { mode: 0o755 });
  const env = { PATH: `${path}:${process.env['PATH'] ?? ''}` };
  const guest = await hostGuest({ slowness: 0.05, env, ...overrides });
  return { guest, verbs: withVerbs(guest, needs), path };
}

describe('run', () => {
  it('tells status and output, and keeps them as evidence', async () => {
    const { guest, verbs } = await guestWith();
    expect(await verbs.run('echo one; echo two >&2; exit 3')).toEqual({ status: 3, output: 'one\ntwo' });
    expect(guest.evidence).toEqual([
      { action: 'echo one; echo two >&2; exit 3', observed: 'one\ntwo\nexit status 3', access: 'serial' },
    ]);
  });

  it.runIf(me === 'root')('runs as another user, in their home', async () => {
    const { verbs } = await guestWith();
    expect((await verbs.run('id -un; pwd; echo "$HOME"', { as: 'daemon' })).output).toMatch(
      /^daemon\n(\/\S*)\n\1$/,
    );
  });

  it('says that there is no such user', async () => {
    const { verbs } = await guestWith();
    await expect(verbs.run('true', { as: 'nobody-here' })).rejects.toMatchObject({
      name: 'GuestError',
      code: 'no-user',
    });
  });
});

describe('waitForUnit', () => {
  const state = (active: string, load = 'loaded', system = 'running'): string =>
    `case "$1" in
is-system-running) echo ${system} ;;
show) echo LoadState=${load}; echo ActiveState=${active}; echo SubState=x; echo Result=exit-code ;;
status) echo "what systemctl says" ;;
esac`;

  it.each([
    ['active', 'loaded', 'starting', undefined],
    ['failed', 'loaded', 'starting', 'unit-failed'],
    ['inactive', 'not-found', 'starting', 'unit-failed'],
    ['inactive', 'loaded', 'running', 'unit-failed'],
    ['activating', 'loaded', 'starting', 'unit-timeout'],
  ])('a unit that is %s and %s in a system that is %s', async (active, load, system, code) => {
    const { verbs } = await guestWith([], { systemctl: state(active, load, system) });
    const waiting = verbs.waitForUnit('tor.service', { timeoutSeconds: 1 });
    if (code === undefined) await waiting;
    else await expect(waiting).rejects.toMatchObject({ code, evidence: 'what systemctl says' });
  });
});

it('waits for a port that somebody listens on', async () => {
  const { verbs } = await guestWith();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await verbs.waitForPort(port);
  await new Promise((resolve) => server.close(resolve));
  await expect(verbs.waitForPort(port, { timeoutSeconds: 1 })).rejects.toMatchObject({
    code: 'port-timeout',
  });
});

describe('waitForText', () => {
  it('finds what the console has said, and what it says later', async () => {
    const console = new Transcript();
    const { verbs } = await guestWith([], { console, slowness: 1 });
    console.append(Buffer.from('Root password: a-b-c\r\n'));
    expect(await verbs.waitForText(/password: \S+/)).toBe('password: a-b-c');
    const later = verbs.waitForText('onion');
    console.append(Buffer.from('abc.onion\r\n'));
    expect(await later).toBe('onion');
  });

  it('says what stood there instead', async () => {
    const console = new Transcript();
    console.append(Buffer.from('login: '));
    const { verbs } = await guestWith([], { console });
    await expect(verbs.waitForText('onion', { timeoutSeconds: 0.1 })).rejects.toMatchObject({
      code: 'text-timeout',
      evidence: 'login:',
    });
  });

  it('looks at the screen again and again', async () => {
    let looks = 0;
    const readScreen = async () => [looks++ < 2 ? 'starting' : 'Press any key'];
    const { verbs } = await guestWith(['screen'], { readScreen, slowness: 1 });
    expect(await verbs.waitForText(/press \w+/i, { on: 'screen' })).toBe('Press any');
    expect(await verbs.screenText()).toBe('Press any key');
  });
});

describe('copies', () => {
  it('in and out are the same bytes', async () => {
    const { verbs, path } = await guestWith();
    const bytes = Buffer.from(Array.from({ length: 130_000 }, (_, index) => (index * 7) % 256));
    const target = join(path, "a file's name");
    await verbs.copyIn(bytes, target, { mode: '600' });
    expect(await readFile(target)).toEqual(bytes);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await verbs.copyOut(target))).toEqual(bytes);
    await verbs.copyIn(Buffer.from(''), target);
    expect(await readFile(target, 'utf8')).toBe('');
  });

  it('say why there is none', async () => {
    const { verbs, path } = await guestWith();
    await expect(verbs.copyOut(join(path, 'absent'))).rejects.toMatchObject({ code: 'copy-failed' });
    await expect(verbs.copyIn(Buffer.from('x'), join(path, 'absent/x'))).rejects.toMatchObject({
      code: 'copy-failed',
    });
    await expect(verbs.copyIn(join(path, 'absent'), '/x')).rejects.toMatchObject({ code: 'copy-unreadable' });
    await expect(verbs.copyIn(Buffer.alloc(2 ** 20 + 1), '/x')).rejects.toMatchObject({
      code: 'copy-too-large',
    });
  });
});

describe('logIn', () => {
  it('runs a command by the key that is let in, and says who is not', async () => {
    await using server = await startSshServer({});
    const ssh = { host: '127.0.0.1', port: server.port };
    const { verbs } = await guestWith(['network'], { ssh, slowness: 1 });
    const { privateKey } = server;
    expect(await verbs.logIn(me, { by: 'key', privateKey }, 'echo in; exit 4')).toEqual({
      status: 4,
      output: 'in',
    });
    await expect(verbs.logIn(me, { by: 'password', password: 'wrong' }, 'true')).rejects.toMatchObject({
      code: 'login-refused',
    });
  });
});

describe('a verb for which the check has to name a need', () => {
  it.each([
    ['keys', (verbs) => verbs.type('x')],
    ['keys', (verbs) => verbs.press([['ret']])],
    ['screen', (verbs) => verbs.screenText()],
    ['screen', (verbs) => verbs.waitForText('x', { on: 'screen' })],
    ['network', (verbs) => verbs.logIn(me, { by: 'none' }, 'true')],
    ['power', (verbs) => verbs.reboot()],
    ['medium', (verbs) => verbs.withoutMedium(async () => {})],
  ] satisfies [Need, (verbs: ReturnType<typeof withVerbs>) => Promise<unknown>][])(
    '%s is refused without it',
    async (need, use) => {
      const { verbs } = await guestWith();
      await expect(use(verbs)).rejects.toMatchObject({
        code: 'undeclared-need',
        message: expect.stringContaining(`expected '${need}' among its needs, got none`),
      });
    },
  );
});

describe('withoutMedium', () => {
  it('puts it back, whatever came of the work', async () => {
    const deeds: string[] = [];
    const medium = {
      kind: 'disc' as const,
      pull: async () => void deeds.push('pull'),
      putBack: async () => void deeds.push('put back'),
    };
    const { verbs } = await guestWith(['medium'], { medium });
    expect(await verbs.withoutMedium(async () => deeds.push('work'))).toBe(2);
    await expect(verbs.withoutMedium(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(deeds).toEqual(['pull', 'work', 'put back', 'pull', 'put back']);
  });
});
