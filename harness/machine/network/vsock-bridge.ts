import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { shortageOf } from '../../shortage.ts';

/** What the program says before the guest's first byte: `OK`, and a port of its own. */
const greeting = /^OK \d+\n/;
const longestGreeting = 32;

/** A TCP port of the host that leads to a port of a machine's vsock. */
export interface VsockBridge {
  port: number;
  close(): void;
}

/**
 * Opens a port on 127.0.0.1 that leads to a guest's port by its vsock: for clients that know TCP alone.
 * @param path the Unix socket for the host, where `CONNECT` and a port, on a line, lead to that port of the guest.
 * @throws what the host ran out of
 */
export async function bridgeVsock(path: string, guestPort: number): Promise<VsockBridge> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const guest = createConnection(path);
    for (const socket of [client, guest]) {
      open.add(socket);
      // Whoever speaks on it hears of its end.
      socket.on('error', () => {});
      socket.on('close', () => open.delete(socket));
    }
    client.on('close', () => guest.destroy());
    guest.on('close', () => client.end(() => client.destroy()));
    guest.write(`CONNECT ${guestPort}\n`);
    let seen = '';
    const onGreeting = (data: Buffer): void => {
      seen += data.toString('latin1');
      const [said] = greeting.exec(seen) ?? [];
      if (said === undefined) {
        if (seen.length > longestGreeting) guest.destroy();
        return;
      }
      guest.off('data', onGreeting);
      client.write(Buffer.from(seen.slice(said.length), 'latin1'));
      client.pipe(guest);
      guest.pipe(client);
    };
    guest.on('data', onGreeting);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(shortageOf(error) ?? error));
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
