import { readdirSync, readFileSync } from 'node:fs';
import { hostTicks, stolenSeconds } from './steal.ts';

/** What one thread has had since it began, in seconds. */
interface Thread {
  ran: number;
  waited: number;
  /** Of what it ran, what the host itself did not have. */
  stolen: number;
}

/** Linux's schedstat of a process's threads; none where the host does not tell. */
function readThreads(task: string): Map<string, Omit<Thread, 'stolen'>> {
  try {
    return new Map(readdirSync(task).flatMap((id) => readThread(task, id)));
  } catch {
    return new Map();
  }
}

/** Nothing of a thread that has ended meanwhile, as QEMU's workers do. */
function readThread(task: string, id: string): [string, Omit<Thread, 'stolen'>][] {
  try {
    const [ran, waited] = readFileSync(`${task}/${id}/schedstat`, 'utf8').split(' ').map(Number);
    return ran === undefined || waited === undefined || !Number.isFinite(ran + waited)
      ? []
      : [[id, { ran: ran / 1e9, waited: waited / 1e9 }]];
  } catch {
    return [];
  }
}

/**
 * Tells a process's starved seconds: those for which its threads have waited for a processor of the host, or had one that a
 * hypervisor had taken from the host, the thread that this hit most: for a machine, time in which its processor stood
 * still. Never fewer than before: a thread that has ended takes its share along. 0 where the host does not tell.
 * @param proc where the host tells. @default /proc
 */
export function starvationMeter(pid: number, proc = '/proc'): () => number {
  const task = `${proc}/${pid}/task`;
  const begin = (): Map<string, Thread> =>
    new Map([...readThreads(task)].map(([id, thread]) => [id, Object.assign(thread, { stolen: 0 })]));
  let [at, ticks, threads] = [performance.now(), hostTicks(proc), begin()];
  let most = 0;
  return () => {
    const [now, ticksNow, threadsNow] = [performance.now(), hostTicks(proc), begin()];
    for (const [id, thread] of threadsNow) {
      const before = threads.get(id) ?? { ran: 0, waited: 0, stolen: 0 };
      const ran = thread.ran - before.ran;
      const waited = thread.waited - before.waited;
      const turn = { seconds: (now - at) / 1000, ran, waited };
      thread.stolen = before.stolen + stolenSeconds(turn, ticks, ticksNow);
      most = Math.max(most, thread.waited + thread.stolen);
    }
    [at, ticks, threads] = [now, ticksNow, threadsNow];
    return most;
  };
}
