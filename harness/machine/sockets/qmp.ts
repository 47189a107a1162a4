import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { HostError } from '../../errors.ts';
import { shortageIn } from '../../shortage.ts';
import { listen } from './listen.ts';
import type { QmpEvent } from '../machine.ts';

/** What QEMU may send: the greeting, an event, or the answer to a command. */
interface QmpMessage {
  QMP?: unknown;
  event?: string;
  data?: Record<string, unknown>;
  id?: number;
  return?: unknown;
  error?: { class: string; desc: string };
}

interface Pending {
  execute: string;
  resolve(value: unknown): void;
  reject(error: HostError): void;
}

/** A monitor connection, see https://www.qemu.org/docs/master/interop/qmp-spec.html. */
export interface QmpConnection {
  /** Runs a command; rejects with HostError `qmp-refused` or `qmp-lost`. */
  execute(command: string, args?: Record<string, unknown>): Promise<unknown>;
  onEvent(listener: (event: QmpEvent) => void): () => void;
}

/** The place where QEMU reports in. */
export interface QmpServer {
  /** The connection, negotiated and ready; rejects with HostError `qmp-lost` when it breaks before that. */
  readonly connection: Promise<QmpConnection>;
  close(): void;
}

/** Listens for one QEMU on a unix socket; resolves once QEMU can be started. */
export async function listenForQmp(path: string): Promise<QmpServer> {
  const connection = Promise.withResolvers<QmpConnection>();
  // Whoever waits for QEMU waits for its death too, and may have gone when this settles.
  connection.promise.catch(() => {});
  let socket: Socket | undefined;
  const server = createServer((accepted) => {
    socket = accepted;
    // One machine, one monitor: nobody else gets in, and the path is free again.
    server.close();
    negotiate(accepted).then(connection.resolve, connection.reject);
  });
  await listen(server, path, 'monitor');
  return {
    connection: connection.promise,
    close() {
      server.close();
      socket?.destroy();
      connection.reject(lost('before QEMU connected'));
    },
  };
}

const lost = (when: string): HostError =>
  new HostError('qmp-lost', `QEMU's monitor connection ended ${when}.`, {
    hint: "QEMU has ended or given up its monitor: dmesg and the cell's qemu.sh may tell why.",
    transient: true,
  });

async function negotiate(socket: Socket): Promise<QmpConnection> {
  const pending = new Map<number, Pending>();
  const listeners = new Set<(event: QmpEvent) => void>();
  const greeting = Promise.withResolvers<void>();
  let nextId = 1;
  let open = true;

  function receive(line: string): void {
    const message = JSON.parse(line) as QmpMessage;
    if (message.event !== undefined) {
      for (const listener of listeners) listener({ event: message.event, data: message.data ?? {} });
    } else if (message.QMP !== undefined) {
      greeting.resolve();
    } else if (message.id !== undefined) {
      const command = pending.get(message.id);
      pending.delete(message.id);
      if (message.error === undefined) command?.resolve(message.return);
      else command?.reject(refused(command.execute, message.error.desc));
    }
  }

  function end(): void {
    open = false;
    greeting.reject(lost('before it began'));
    for (const command of pending.values()) command.reject(lost(`while it ran ${command.execute}`));
    pending.clear();
  }

  const lines = createInterface({ input: socket });
  lines.on('line', (line) => {
    try {
      receive(line);
    } catch (error) {
      // No JSON is no monitor: `end` tells everyone who waits.
      socket.destroy(error as Error);
    }
  });
  socket.on('close', end);
  // `close` follows; the reader of lines repeats the socket's error.
  socket.on('error', () => {});
  lines.on('error', () => {});

  const connection: QmpConnection = {
    execute(execute, args) {
      if (!open) return Promise.reject(lost(`before ${execute}`));
      const id = nextId++;
      socket.write(
        `${JSON.stringify(args === undefined ? { execute, id } : { execute, arguments: args, id })}\n`,
      );
      return new Promise((resolve, reject) => pending.set(id, { execute, resolve, reject }));
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  await greeting.promise;
  await connection.execute('qmp_capabilities');
  return connection;
}

const otherQemu = 'This QEMU may be too old or built without it; report its version.';

const refused = (execute: string, description: string): HostError =>
  shortageIn(description, `QEMU refused ${execute}`) ??
  new HostError('qmp-refused', `QEMU refused ${execute}: ${description}.`, { hint: otherQemu });
