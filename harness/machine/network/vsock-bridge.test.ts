import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { bridgeVsock, type VsockBridge } from './vsock-bridge.ts';

let end = (): void => {};
afterEach(() => end());

/** A bridge to a program that serves a vsock in this way. */
async function bridgeTo(serve: (socket: Socket) => void): Promise<VsockBridge> {
  const path = join(await scratchDirectory(), 'vsock.sock');
  const program = createServer({ allowHalfOpen: true }, (socket) => {
    // The other side may be gone before it has heard all.
    socket.on('error', () => {});
    serve(socket);
  }).listen(path);
  await once(program, 'listening');
  const bridge = await bridgeVsock(path, 22);
  end = () => {
    bridge.close();
    program.close();
  };
  return bridge;
}

/** All that comes of one connection, after something was said. */
async function answers(port: number, said = ''): Promise<string> {
  const client = createConnection({ host: '127.0.0.1', port });
  client.end(said);
  let heard = '';
  client.setEncoding('latin1').on('data', (data: string) => {
    heard += data;
  });
  await once(client, 'close');
  return heard;
}

it('leads to the port, and passes on what comes right behind the greeting', async () => {
  let asked = '';
  const { port } = await bridgeTo((socket) => {
    socket.once('data', async (data) => {
      asked = data.toString();
      socket.write('OK 10');
      await sleep(10);
      socket.write('73741824\nSSH-2.0-guest\r\n');
      socket.pipe(socket);
    });
  });
  expect(await answers(port, 'over there')).toBe('SSH-2.0-guest\r\nover there');
  expect(asked).toBe('CONNECT 22\n');
});

it.each([
  ['closes where nobody listens in the guest', (socket: Socket) => socket.end()],
  ['closes on what is no greeting', (socket: Socket) => socket.write('x'.repeat(100))],
])('%s', async (_, serve) => {
  const { port } = await bridgeTo(serve);
  expect(await answers(port)).toBe('');
});

it('closes where there is no program', async () => {
  const bridge = await bridgeVsock(join(await scratchDirectory(), 'nobody.sock'), 22);
  end = bridge.close;
  expect(await answers(bridge.port)).toBe('');
});

it('ends what is open', async () => {
  const bridge = await bridgeTo((socket) => void socket.write('OK 1\n'));
  const client = createConnection({ host: '127.0.0.1', port: bridge.port });
  client.on('error', () => {});
  await once(client, 'connect');
  const closed = once(client, 'close');
  bridge.close();
  await closed;
});
