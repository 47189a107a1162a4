import type { SerialPort } from '../../console/shells/serial-shell.ts';
import { Terminal } from '../../console/serial/terminal.ts';
import { Transcript } from '../../console/serial/transcript.ts';
import type { Machine } from '../../machine/machine.ts';

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
