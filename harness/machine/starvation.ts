import { readdirSync, readFileSync } from 'node:fs';

/**
 * Seconds that a process's threads have waited for a processor of the host, the thread that waited longest: for a
 * machine, time in which its processor stood still. Linux's schedstat; 0 where the host does not tell.
 */
export function starvedSeconds(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  try {
    const waits = readdirSync(tasks).map((task) => {
      const [, waited] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ');
      return Number(waited) / 1e9;
    });
    return Math.max(0, ...waits.filter(Number.isFinite));
  } catch {
    return 0;
  }
}
