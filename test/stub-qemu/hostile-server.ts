import { connect, type Socket } from 'node:net';
import type { Behaviour } from './behaviour.ts';
import { bootToShell } from './boot.ts';
import { type SshServer, type SshServerOptions, startSshServer } from '../ssh-server.ts';
import { hostileLine } from './hostile-text.ts';
import { randomBytes } from './random.ts';

/** A guest with a sound console whose SSH port is served like this. */
const serving = (serve: (socket: Socket) => void | Promise<void>): Behaviour => ({
  play: bootToShell,
  serve,
});

/** Sends this again and again, as long as somebody takes it. */
function repeat(socket: Socket, data: Uint8Array): void {
  const fill = (): void => {
    while (socket.writable && socket.write(data));
  };
  socket.on('drain', fill);
  fill();
}

/** Hands what arrives to a real server. */
function serveSsh(options: SshServerOptions): Behaviour {
  let server: Promise<SshServer> | undefined;
  return serving(async (socket) => {
    server ??= startSshServer(options);
    const { port } = await server;
    const inner = connect(port, '127.0.0.1');
    inner.on('error', () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
}

/** Guests that do on their SSH port what no server should. */
export const hostileServers: Record<string, Behaviour> = {
  'ssh-garbage': serving((socket) => repeat(socket, randomBytes(2, 65_536))),
  'ssh-endless-banner': serving((socket) =>
    repeat(socket, Buffer.from('Welcome to the machine.\r\n'.repeat(1000))),
  ),
  'ssh-endless-after-banner': serving((socket) => {
    socket.write('SSH-2.0-OpenSSH_9.9 stub\r\n');
    repeat(socket, randomBytes(3, 65_536));
  }),
  'ssh-escapes': serving((socket) => {
    socket.end(Buffer.concat([Buffer.from('SSH-2.0-'), hostileLine, Buffer.from('\r\n')]));
  }),
  'ssh-slow': serving((socket) => {
    const timer = setInterval(() => socket.write('S'), 200);
    socket.on('close', () => clearInterval(timer));
  }),
  'ssh-any-password': serveSsh({ letsIn: 'any-password' }),
  'ssh-silent': serving(() => {}),
  'ssh-closes': serving((socket) => void socket.destroy()),
};
