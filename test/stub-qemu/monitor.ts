import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** What a command does; what it returns is QEMU's answer. */
type Commands = Record<string, (args: Record<string, unknown>) => unknown>;

export type SendEvent = (event: string, data?: Record<string, unknown>) => void;

export interface Monitor {
  event: SendEvent;
  /** Ends the connection. */
  hangUp(): void;
}

/** Speaks QEMU's side of QMP; with no commands at all it greets and answers nothing. */
export function connectMonitor(path: string, commands: Commands | null): Monitor {
  const socket = connect(path);
  const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\r\n`);
  send({ QMP: { version: { qemu: { major: 0, minor: 0, micro: 0 }, package: 'stub' }, capabilities: [] } });
  createInterface({ input: socket }).on('line', (line) => {
    if (commands === null) return;
    const { execute, arguments: args = {}, id } = JSON.parse(line);
    const command = execute === 'qmp_capabilities' ? (): void => {} : commands[execute];
    if (command === undefined) {
      send({ id, error: { class: 'CommandNotFound', desc: `The command ${execute} has not been found` } });
    } else {
      send({ id, return: command(args) ?? {} });
    }
  });
  return {
    event(event, data = {}) {
      const [seconds, microseconds] = [Math.floor(Date.now() / 1000), (Date.now() % 1000) * 1000];
      send({ timestamp: { seconds, microseconds }, event, data });
    },
    hangUp: () => void socket.destroy(),
  };
}
