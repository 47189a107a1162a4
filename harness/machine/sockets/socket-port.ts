import { createServer, type Server, type Socket } from 'node:net';
import { Channel } from './channel.ts';
import { listen } from './listen.ts';
import type { MachinePort } from '../machine.ts';

/** Nothing that is asked of a guest needs more; one that floods is heard no longer. */
const longestBytes = 256 * 2 ** 20;

/** A port of the machine that is a socket to QEMU; what comes before the first listener is kept for it. */
export class SocketPort implements MachinePort {
  readonly #server: Server;
  readonly #data = new Channel<Uint8Array>();
  #socket: Socket | undefined;
  #heard = 0;

  /**
   * Listens for one QEMU; resolves once it can be started.
   * @param what it is, for a message.
   */
  static async open(path: string, what: string): Promise<SocketPort> {
    const server = createServer();
    const port = new SocketPort(server);
    await listen(server, path, what);
    return port;
  }

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket));
  }

  write(data: string | Uint8Array): void {
    this.#socket?.write(data);
  }

  onData(listener: (data: Uint8Array) => void): () => void {
    return this.#data.subscribe(listener);
  }

  close(): void {
    this.#server.close();
    this.#socket?.destroy();
  }

  #accept(socket: Socket): void {
    this.#socket = socket;
    // One machine, one port.
    this.#server.close();
    // Its end is QEMU's, which is told elsewhere.
    socket.on('error', () => {});
    socket.on('data', (data) => {
      this.#heard += data.length;
      if (this.#heard > longestBytes) socket.destroy();
      else this.#data.emit(data);
    });
  }
}
