import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { me } from '../../../test/host-guest.ts';
import { scratchDirectory } from '../../../test/scratch.ts';
import { type SshServer, type SshServerOptions, startSshServer } from '../../../test/ssh-server.ts';
import { nixosImages } from '../../../scenarios/contracts/systems/nixos-images.ts';
import { PhaseTracker } from '../../console/signs/phases.ts';
import { Transcript } from '../../console/serial/transcript.ts';
import { PtyGuest } from '../../console/testing/pty-guest.ts';
import { openAccess } from './access.ts';
import { Teardown } from '../teardown.ts';
import type { WayIn } from './ways/way.ts';

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

/** What openAccess gets for a machine with this SSH server; the rest is a test's own. */
async function entrance({ privateKey }: SshServer) {
  const teardown = new Teardown();
  ends.push(() => teardown.run());
  return {
    contract: {
      ...nixosImages,
      sshd: { user: me, authorizedKey: 'ssh-ed25519', privateKey, permitRootLogin: 'yes' as const },
    },
    scratch: await scratchDirectory(),
    slowness,
    signal: new AbortController().signal,
    teardown,
    arch: 'x86_64' as const,
    keyboard: { press: async () => {}, type: async () => {} },
    demandSeconds: () => null,
  };
}

async function startServer(options: SshServerOptions): Promise<SshServer> {
  const server = await startSshServer(options);
  ends.push(() => server[Symbol.asyncDispose]());
  return server;
}

/**
 * A machine that says nothing on serial and has nobody on its screen; all that may answer is its SSH server, once serial
 * has been silent for long.
 */
async function enterSilent(options: SshServerOptions): Promise<WayIn> {
  const server = await startServer(options);
  const { contract, ...rest } = await entrance(server);
  return openAccess({
    ...rest,
    contract: { ...contract, autologin: { screen: null, serial: {} } },
    port: { transcript: new Transcript(), write: () => {} },
    phases: new PhaseTracker(),
    ssh: { host: '127.0.0.1', port: await forwardLater(server.port, 7) },
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
  const server = await startServer({});
  const command = ['-c', 'echo "<<< NixOS Stage 1 >>>"; sleep 3; exec bash --norc'];
  using guest = new PtyGuest({ command: 'sh', args: command });
  const phases = new PhaseTracker();
  if (speaks) phases.watch(guest.transcript);
  const { shell, serialAutologin } = await openAccess({
    ...(await entrance(server)),
    port: guest,
    phases,
    ssh: { host: '127.0.0.1', port: server.port },
    serialIsPromised,
  });
  expect({ access: shell.access, serialAutologin }).toEqual({ access: 'serial', serialAutologin: me });
});

test('a guest whose SSH server refuses the promised key has no way in, and the reason says so', async () => {
  await expect(enterSilent({ takesKey: false })).rejects.toMatchObject({
    code: 'no-way-in',
    message: expect.stringMatching(
      /^no way in: its SSH server answers, but no login prompt or shell answered on the serial port; no login by ssh with the key: /,
    ),
  });
});
