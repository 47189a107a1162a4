import type { Guest } from '../../harness/console/guest.ts';
import { hasSerialPort, serialTerminal } from '../../harness/console/serial/port.ts';
import { runAsRoot } from '../guest-script.ts';
import { isLogin, listProcesses, type Process } from './foreground.ts';

/** The programs of a terminal that nobody has to log in to, the oldest first. */
const onTerminal = (processes: readonly Process[], terminal: number): Process[] =>
  processes
    .filter((process) => process.terminal === terminal && !isLogin(process.command))
    .toSorted((a, b) => a.pid - b.pid);

/**
 * Who is logged in on the serial port by itself, as the list of processes tells; null: nobody. A login that was typed, ours
 * maybe, is nobody's: only agetty's `--autologin` has login(1) ask for no password (`-f`).
 */
export async function findSerialSession(guest: Guest): Promise<string | null> {
  if (!hasSerialPort(guest.arch)) return null;
  const processes = await listProcesses(guest);
  const [first] = onTerminal(processes, serialTerminal[guest.arch]);
  if (first === undefined) return null;
  const parent = processes.find(({ pid }) => pid === first.parent);
  if (parent === undefined || !isLogin(parent.command)) return first.user;
  const { output } = await runAsRoot(guest, `tr '\\0' ' ' < /proc/${parent.pid}/cmdline`);
  return / -f(?: |$)/.test(output) ? first.user : null;
}
