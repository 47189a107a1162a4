import { readFileSync } from 'node:fs';

/** The unit of /proc/<pid>/stat: USER_HZ is 100 on every architecture that runs QEMU, see proc_pid_stat(5). */
const ticksPerSecond = 100;

/** User plus system time of a process in seconds; null when it is gone or the host has no /proc. */
export function processCpuSeconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name in parentheses, may hold anything: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks / ticksPerSecond : null;
  } catch {
    return null;
  }
}
