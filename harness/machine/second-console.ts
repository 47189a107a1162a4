import { createServer, type Server, type Socket } from 'node:net';
import { Channel } from './channel.ts';
import { listen } from './listen.ts';
import type { MachineConsole } from './machine.ts';

/** Nothing that is asked of a guest needs more; one that floods its console is heard no longer. */
const longestBytes = 256 * 2 ** 20;

/** A console that is a socket to QEMU; what comes before the first listener is kept for it. */
export class SecondConsole implements MachineConsole {
  readonly #server: Server;
  readonly #data = new Channel<Uint8Array>();
  #socket: Socket | undefined;
  #heard = 0;

  /** Listens for one QEMU; resolves once it can be started. */
  static async open(path: string): Promise<SecondConsole> {
    const server = createServer();
    const console = new SecondConsole(server);
    await listen(server, path, 'second console');
    return console;
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
    // One machine, one console.
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
