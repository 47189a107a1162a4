import type { Guest } from '../../harness/console/guest.ts';
import { run } from '../guest-script.ts';

/** A process that has a terminal, or is the terminal emulator on the virtual screen. */
export interface TerminalProcess {
  pid: number;
  parent: number;
  group: number;
  /** Device number of its terminal, as in proc(5). */
  terminal: number;
  /** The process group that may read that terminal. */
  foreground: number;
  user: string;
  command: string;
}

/** Prints one line a process with a terminal; proc(5): after the last `)` come state, ppid, pgrp, session, tty, tpgid. */
const listScript = `
for d in /proc/[0-9]*; do
  { read -r line < "$d/stat"; } 2>/dev/null || continue
  command=\${line#*(}; command=\${command%)*}
  set -f; set -- \${line##*) }; set +f
  case $5:$command in 0:kmscon*) ;; 0:*) continue ;; esac
  echo "\${d#/proc/} $2 $3 $5 $6 $(stat -c %U "$d" 2>/dev/null || echo ?) $command"
done
true`;

/** Device number of tty1: major 4, minor 1. */
const tty1 = (4 << 8) | 1;

export function parseProcesses(output: string): TerminalProcess[] {
  return output.split('\n').flatMap((line) => {
    const match = /^(\d+) (\d+) (\d+) (\d+) (-?\d+) (\S+) (.*)$/.exec(line.trim());
    if (match === null) return [];
    const [pid = 0, parent = 0, group = 0, terminal = 0, foreground = 0] = match.slice(1, 6).map(Number);
    return [{ pid, parent, group, terminal, foreground, user: match[6] ?? '', command: match[7] ?? '' }];
  });
}

/** The processes of the virtual screen: those on tty1, and those in the terminals that a kmscon made. */
export function onVirtualScreen(processes: readonly TerminalProcess[]): TerminalProcess[] {
  const kmscon = new Set(
    processes.filter(({ command }) => command.startsWith('kmscon')).map(({ pid }) => pid),
  );
  const terminals = new Set(
    processes.filter(({ parent }) => kmscon.has(parent)).map(({ terminal }) => terminal),
  );
  return processes.filter(
    ({ pid, terminal }) =>
      !kmscon.has(pid) && terminal !== 0 && (terminal === tty1 || terminals.has(terminal)),
  );
}

/** Who reads the keys: the youngest process of the foreground group; null when nobody does. */
export function keyReader(processes: readonly TerminalProcess[]): TerminalProcess | null {
  const readers = onVirtualScreen(processes).filter(({ group, foreground }) => group === foreground);
  return readers.toSorted((a, b) => a.pid - b.pid).at(-1) ?? null;
}

/** Programs that ask who is there; nixpkgs wraps some as `.agetty-wrapped`. */
export const isLogin = (command: string): boolean =>
  /^\.?(agetty|getty|login|sulogin)(-wrapped)?$/.test(command);

export async function listTerminalProcesses(guest: Guest): Promise<TerminalProcess[]> {
  const { output } = await run(guest, listScript);
  return parseProcesses(output);
}
