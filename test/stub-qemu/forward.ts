import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Behaviour } from './behaviour.ts';

export interface Forward {
  hostPort: number;
  guestPort: number;
}

/** Greets as sshd does, and no more. */
const greet = (socket: Socket): void => void socket.end('SSH-2.0-OpenSSH_9.9 stub\r\n');

/** A server behind each forwarded port. */
export function forwardPorts(
  guestPorts: readonly number[],
  serve: NonNullable<Behaviour['serve']> = greet,
): Promise<Forward[]> {
  return Promise.all(
    guestPorts.map(
      (guestPort) =>
        new Promise<Forward>((resolve) => {
          const server = createServer((socket) => {
            socket.on('error', () => {});
            void serve(socket);
          });
          server.listen(0, '127.0.0.1', () => {
            resolve({ hostPort: (server.address() as AddressInfo).port, guestPort });
          });
        }),
    ),
  );
}

/** What QEMU's monitor answers to `info usernet`. */
export function usernet(forwards: readonly Forward[]): string {
  const lines = forwards.map(
    ({ hostPort, guestPort }, index) =>
      `  TCP[HOST_FORWARD]  ${20 + index}       127.0.0.1 ${hostPort}       10.0.2.15 ${guestPort}     0     0`,
  );
  const header = '  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ';
  return ['Hub -1 (net):', header, ...lines, ''].join('\r\n');
}
