import { spawn } from 'node-pty';

/**
 * Makes the terminal a plain pipe before QEMU opens it, then becomes QEMU. QEMU itself would turn each `\n` into
 * `\r\n` (it sets OPOST, and ONLCR is on by default), and until it has opened its stdio the terminal would echo
 * what is typed. QEMU's own words go to a file, apart from the guest's.
 */
const wrapper = 'exec 2>"$0"; stty raw -echo -onlcr && exec "$@"';

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
  onData(listener: (data: Uint8Array) => void): void;
  write(data: string | Uint8Array): void;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program on a terminal of its own, with its stderr in a file. */
export function startOnTerminal(
  command: string,
  args: readonly string[],
  stderrPath: string,
): TerminalProcess {
  const terminal = spawn('/bin/sh', ['-c', wrapper, stderrPath, command, ...args], { encoding: null });
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
    write(data) {
      if (running) terminal.write(typeof data === 'string' ? data : Buffer.from(data));
    },
    kill(signal) {
      if (running) terminal.kill(signal);
    },
  };
}
