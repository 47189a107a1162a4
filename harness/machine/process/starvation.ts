import { readdirSync, readFileSync } from 'node:fs';

/**
 * Seconds that a process's threads have waited for a processor of the host, the thread that waited longest: for a
 * machine, time in which its processor stood still. Linux's schedstat; 0 where the host does not tell.
 */
function starvedSeconds(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  try {
    const waits = readdirSync(tasks).map((task) => waitedSeconds(`${tasks}/${task}/schedstat`));
    return Math.max(0, ...waits.filter(Number.isFinite));
  } catch {
    return 0;
  }
}

/** Not a number for a thread that has ended meanwhile, as QEMU's workers do. */
function waitedSeconds(schedstat: string): number {
  try {
    return Number(readFileSync(schedstat, 'utf8').split(' ')[1]) / 1e9;
  } catch {
    return Number.NaN;
  }
}

/** Tells a process's starved seconds, never fewer than before: a thread that has ended takes its share along. */
export function starvationMeter(pid: number): () => number {
  let most = 0;
  return () => (most = Math.max(most, starvedSeconds(pid)));
}
