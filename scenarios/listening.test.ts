import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { bareContract } from '../test/contract.ts';
import { guestWith } from '../test/guest-programs.ts';
import { listening } from './listening.ts';

/** A port of this host on which something listens. */
async function listenOn(address: string) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.dispose]: () => void server.close() };
}

/** What is found on this host, where other programs listen too. */
async function found(tcp: number[] = [], udp: number[] = []): Promise<string> {
  const contract = { ...bareContract(), listening: { tcp, udp } };
  const outcome = await listening.check(await guestWith(), contract);
  return 'reason' in outcome ? outcome.reason.replace(/^.*, got /, '') : '';
}

it('finds a port that is not promised, by IPv4 and IPv6', async () => {
  using four = await listenOn('0.0.0.0');
  using six = await listenOn('::');
  const reason = await found([six.port]);
  expect(reason).toContain(`tcp ${four.port}`);
  expect(reason).not.toContain(`tcp ${six.port}`);
  expect(await found([four.port])).toContain(`tcp ${six.port}`);
});

it('finds one of UDP', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '0.0.0.0', resolve));
  const { port } = socket.address();
  expect(await found()).toContain(`udp ${port}`);
  expect(await found([port])).toContain(`udp ${port}`);
  expect(await found([], [port])).not.toContain(`udp ${port}`);
  socket.close();
});

it.each(['127.0.0.1', '127.1.2.3', '::1'])(
  'leaves out what only the machine itself reaches: %s',
  async (address) => {
    using one = await listenOn(address);
    expect(await found()).not.toContain(String(one.port));
  },
);
