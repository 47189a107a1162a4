import { Terminal } from '../../../console/serial/terminal.ts';
import { Transcript } from '../../../console/serial/transcript.ts';
import { openSerialShell, type SerialPort } from '../../../console/shells/serial-shell.ts';
import type { Machine } from '../../../machine/machine.ts';
import type { Way } from './way.ts';

/** A machine's second console as a port to speak on, from now on; nothing where it has none. */
export function secondPort({ secondConsole }: Machine): { second?: SerialPort } {
  if (secondConsole === undefined) return {};
  const transcript = new Transcript();
  const terminal = new Terminal((answer) => secondConsole.write(answer));
  secondConsole.onData((bytes) => {
    terminal.write(bytes);
    transcript.append(bytes);
  });
  return { second: { transcript, write: (data) => secondConsole.write(data) } };
}

/** A shell on the machine's second console, where a getty was asked for: it proves nothing of the image's own consoles. */
export const secondConsole: Way<SerialPort> = {
  needs: ({ second }) => second,
  isShutBy: 'silence',

  async open(port, { contract, slowness, signal }) {
    const { shell } = await openSerialShell(port, { login: contract.login, slowness, signal });
    return { shell, serialAutologin: null };
  },
};
