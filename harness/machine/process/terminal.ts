import { type IPty, spawn } from 'node-pty';
import { ownedEnvironment } from './ownership.ts';
import { TerminalInput } from './terminal-input.ts';

/**
 * Makes the terminal a plain pipe before QEMU opens it, then becomes QEMU. QEMU itself would turn each `\n` into
 * `\r\n` (it sets OPOST, and ONLCR is on by default), and until it has opened its stdio the terminal would echo
 * what is typed. QEMU's own words go to a file, apart from the guest's, and so does its output where a file is named.
 */
const wrapper = `exec 2>"$0"; stty raw -echo -onlcr || exit
output=$1; shift
[ -z "$output" ] || exec >>"$output"
exec "$@"`;

/** How a process ended: the exit code, or the signal that ended it. */
interface TerminalExit {
  code: number | null;
  signal: number | null;
}

/** A program whose stdio is a terminal that only we hold: when we are gone, it gets SIGHUP. */
export interface TerminalProcess {
  readonly pid: number;
  /** Settles once, when it has ended; never rejects. Bytes may still come after that. */
  readonly exited: Promise<TerminalExit>;
  /** Calls back with its output, unless that goes to a file. */
  onData(listener: (data: Uint8Array) => void): void;
  /** Types. What it leaves unread is kept up to a limit, and the rest is not taken: then the answer is false. */
  write(data: string | Uint8Array): boolean;
  kill(signal: NodeJS.Signals): void;
}

/** What node-pty does not declare. */
type Inside = IPty & { readonly fd: number; readonly _socket: { readonly destroyed: boolean } };

/** Starts a program on a terminal of its own, with its stderr in a file; its output too, if `stdout` names one. */
export function startOnTerminal(
  command: string,
  args: readonly string[],
  paths: { stderr: string; stdout?: string },
): TerminalProcess {
  const { stderr, stdout = '' } = paths;
  const terminal = spawn('/bin/sh', ['-c', wrapper, stderr, stdout, command, ...args], {
    encoding: null,
    env: ownedEnvironment(),
  }) as Inside;
  const input = new TerminalInput({ fd: terminal.fd, isOpen: () => running && !terminal._socket.destroyed });
  let running = true;
  const exited = new Promise<TerminalExit>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      running = false;
      resolve(
        signal === undefined || signal === 0 ? { code: exitCode, signal: null } : { code: null, signal },
      );
    });
  });
  return {
    pid: terminal.pid,
    exited,
    onData(listener) {
      // With `encoding: null` these are buffers, whatever the declaration says.
      terminal.onData((data) => listener(data as unknown as Uint8Array));
    },
    write: (data) => input.write(data),
    kill(signal) {
      if (running) terminal.kill(signal);
    },
  };
}
