import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readBanner, waitForSshBanner } from './ssh-banner.ts';

const never = new AbortController().signal;

async function serve(answer: (socket: Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('readBanner', () => {
  it('finds the identification behind other lines and in pieces', async () => {
    await using server = await serve((socket) => {
      socket.write('Welcome\r\nSSH-2.0-Ope');
      socket.write('nSSH_10.0p2 Debian-7\r\n');
    });
    const banner = await readBanner('127.0.0.1', server.port, 5000, never);
    expect(banner).toEqual({ kind: 'banner', text: 'SSH-2.0-OpenSSH_10.0p2 Debian-7' });
  });

  it('tells a connection that closes without one, and what came instead', async () => {
    await using closing = await serve((socket) => socket.end());
    expect(await readBanner('127.0.0.1', closing.port, 5000, never)).toEqual({ kind: 'closed', text: '' });
    await using penalising = await serve((socket) => socket.end('Not allowed at this time\r\n'));
    expect(await readBanner('127.0.0.1', penalising.port, 5000, never)).toEqual({
      kind: 'closed',
      text: 'Not allowed at this time',
    });
    await using babbling = await serve((socket) =>
      socket.end(Buffer.from(`${'\x1b[2Jé'}${'x'.repeat(200)}`, 'latin1')),
    );
    expect(await readBanner('127.0.0.1', babbling.port, 5000, never)).toEqual({
      kind: 'closed',
      text: `?[2J?${'x'.repeat(75)}`,
    });
  });

  it('does not read for ever', async () => {
    await using server = await serve((socket) => socket.write('x'.repeat(100_000)));
    expect(await readBanner('127.0.0.1', server.port, 5000, never)).toMatchObject({ kind: 'closed' });
  });

  it('tells silence and a port on which nobody listens', async () => {
    const server = await serve(() => {});
    expect(await readBanner('127.0.0.1', server.port, 50, never)).toEqual({ kind: 'silent' });
    await server[Symbol.asyncDispose]();
    expect(await readBanner('127.0.0.1', server.port, 5000, never)).toEqual({ kind: 'refused' });
  });

  it('ends with the signal', async () => {
    await using server = await serve(() => {});
    const controller = new AbortController();
    const reading = readBanner('127.0.0.1', server.port, 60_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('waitForSshBanner', () => {
  it('tries until there is one', async () => {
    let connections = 0;
    await using server = await serve((socket) => {
      connections += 1;
      socket.end(connections < 2 ? '' : 'SSH-2.0-late\r\n');
    });
    expect(await waitForSshBanner({ host: '127.0.0.1', port: server.port, signal: never })).toBe(
      'SSH-2.0-late',
    );
    expect(connections).toBe(2);
  });
});
