import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { me } from '../../test/host-guest.ts';
import { scratchDirectory } from '../../test/scratch.ts';
import { type SshServer, type SshServerOptions, startSshServer } from '../../test/ssh-server.ts';
import { nixosImages } from '../../scenarios/contracts/nixos-images.ts';
import { PhaseTracker } from '../console/phases.ts';
import { Transcript } from '../console/transcript.ts';
import { PtyGuest } from '../console/testing/pty-guest.ts';
import { type WayIn, openAccess } from './access.ts';
import { Teardown } from './teardown.ts';

/** Silence on serial counts as an answer after 6 s. */
const slowness = 0.2;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A port behind which another one is reached from then on. */
async function forwardLater(to: number, seconds: number): Promise<number> {
  const open = sleep(seconds * 1000);
  const server = createServer((client) => {
    void open.then(() =>
      client
        .pipe(connect(to))
        .on('error', () => client.destroy())
        .pipe(client),
    );
    client.on('error', () => {});
  });
  ends.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/**
 * A machine that says nothing on serial and has nobody on its screen; all that may answer is its SSH server, once serial
 * has been silent for long.
 */
async function enterSilent(options: SshServerOptions): Promise<WayIn> {
  const server: SshServer = await startSshServer(options);
  ends.push(() => server[Symbol.asyncDispose]());
  const teardown = new Teardown();
  ends.push(() => teardown.run());
  const { privateKey } = server;
  const port = await forwardLater(server.port, 7);
  return openAccess({
    port: { transcript: new Transcript(), write: () => {} },
    phases: new PhaseTracker(),
    contract: {
      ...nixosImages,
      autologin: { screen: null, serial: {} },
      sshd: { user: me, authorizedKey: 'ssh-ed25519', privateKey, permitRootLogin: 'yes' },
    },
    ssh: { host: '127.0.0.1', port },
    scratch: await scratchDirectory(),
    slowness,
    signal: new AbortController().signal,
    teardown,
    arch: 'x86_64',
    keyboard: { press: async () => {}, type: async () => {} },
    demandSeconds: () => null,
  });
}

test('SSH is the way into a guest that is silent on serial', async () => {
  const { shell, serialAutologin } = await enterSilent({});
  expect(shell).toMatchObject({ access: 'ssh', user: me });
  expect(serialAutologin).toBeNull();
  expect(await shell.run('echo in')).toMatchObject({ output: 'in\n' });
});

test.each([
  ['the system speaks there, though its kernel is quiet', true, false],
  ['the contract promises somebody there', false, true],
])('serial is waited for where %s, and SSH is faster', async (_, speaks, serialIsPromised) => {
  const server = await startSshServer({});
  ends.push(() => server[Symbol.asyncDispose]());
  const teardown = new Teardown();
  ends.push(() => teardown.run());
  const command = ['-c', 'echo "<<< NixOS Stage 1 >>>"; sleep 3; exec bash --norc'];
  using guest = new PtyGuest({ command: 'sh', args: command });
  const phases = new PhaseTracker();
  if (speaks) phases.watch(guest.transcript);
  const { privateKey } = server;
  const { shell, serialAutologin } = await openAccess({
    port: guest,
    phases,
    contract: {
      ...nixosImages,
      sshd: { user: me, authorizedKey: 'ssh-ed25519', privateKey, permitRootLogin: 'yes' },
    },
    ssh: { host: '127.0.0.1', port: server.port },
    scratch: await scratchDirectory(),
    slowness,
    signal: new AbortController().signal,
    teardown,
    arch: 'x86_64',
    keyboard: { press: async () => {}, type: async () => {} },
    demandSeconds: () => null,
    serialIsPromised,
  });
  expect({ access: shell.access, serialAutologin }).toEqual({ access: 'serial', serialAutologin: me });
});

test('a guest whose SSH server refuses the promised key has no way in, and the reason says so', async () => {
  await expect(enterSilent({ takesKey: false })).rejects.toMatchObject({
    code: 'no-way-in',
    message: expect.stringMatching(
      /^no way in: its SSH server answers, but nobody answers on serial; no login by ssh with the key: /,
    ),
  });
});
