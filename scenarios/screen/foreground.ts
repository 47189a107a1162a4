import type { Guest } from '../../harness/console/guest.ts';
import { run } from '../guest-script.ts';

/** A process of userspace. */
export interface Process {
  pid: number;
  parent: number;
  group: number;
  /** Device number of its controlling terminal, as in proc(5); 0: none. */
  terminal: number;
  /** The process group that may read that terminal. */
  foreground: number;
  user: string;
  command: string;
}

/**
 * Prints who owns each process, then one line a process; proc(5): after the last `)` come state, ppid, pgrp, session,
 * tty, tpgid. Kernel threads descend from 2. Nothing is started for a single process: that is slow in a slow guest.
 */
const listScript = `
stat -c 'owner %n %U' /proc/[0-9]* 2>/dev/null
for d in /proc/[0-9]*; do
  { read -r line < "$d/stat"; } 2>/dev/null || continue
  command=\${line#*(}; command=\${command%)*}
  set -f; set -- \${line##*) }; set +f
  [ "$2" = 2 ] || echo "\${d#/proc/} $2 $3 $5 $6 $command"
done
true`;

/** Device number of tty1: major 4, minor 1. */
const tty1 = (4 << 8) | 1;

export function parseProcesses(output: string): Process[] {
  const owners = new Map(
    [...output.matchAll(/^owner \/proc\/(\d+) (\S+)\r?$/gm)].map(([, pid, user = '?']) => [
      Number(pid),
      user,
    ]),
  );
  return [...output.matchAll(/^(\d+) (\d+) (\d+) (-?\d+) (-?\d+) (.*?)\r?$/gm)].map((match) => {
    const [pid = 0, parent = 0, group = 0, terminal = 0, foreground = 0] = match.slice(1, 6).map(Number);
    return {
      pid,
      parent,
      group,
      terminal,
      foreground,
      user: owners.get(pid) ?? '?',
      command: match[6] ?? '',
    };
  });
}

/** The terminal emulator on the virtual screen. */
export const isKmscon = ({ command }: Process): boolean => /^\.?kmscon/.test(command);

/** The processes of the virtual screen: those on tty1, and those in the terminals that a kmscon made. */
export function onVirtualScreen(processes: readonly Process[]): Process[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  // By all ancestors, since login gives its terminal up to the shell that it starts.
  const descends = (process: Process, depth = 0): boolean => {
    const parent = byPid.get(process.parent);
    return parent !== undefined && depth < 64 && (isKmscon(parent) || descends(parent, depth + 1));
  };
  return processes.filter(
    (process) =>
      process.terminal !== 0 && !isKmscon(process) && (process.terminal === tty1 || descends(process)),
  );
}

/** Who reads the keys: the youngest process of the foreground group; null when nobody does. */
export function keyReader(processes: readonly Process[]): Process | null {
  const readers = onVirtualScreen(processes).filter(({ group, foreground }) => group === foreground);
  return readers.toSorted((a, b) => a.pid - b.pid).at(-1) ?? null;
}

/** Programs that ask who is there; nixpkgs wraps some as `.agetty-wrapped`. */
export const isLogin = (command: string): boolean =>
  /^\.?(agetty|getty|login|sulogin)(-wrapped)?$/.test(command);

/** Shells, as `/proc/<pid>/stat` calls them. */
export const isShell = (command: string): boolean =>
  /^\.?(?:sh|[abd]ash|bash|zsh|m?ksh(?:93)?|fish|t?csh|nu|elvish|xonsh)(?:-wrapped)?$/.test(command);

export async function listProcesses(guest: Guest): Promise<Process[]> {
  const { output } = await run(guest, listScript);
  return parseProcesses(output);
}
