import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../harness/console/testing/random.ts';
import { type World, readEventLog } from './cli.ts';

/** The process ids of the QEMUs that this world's run has started, those that have ended included. */
export async function qemuPids(world: World): Promise<number[]> {
  const files = (await readEventLog(world)).flatMap((event) =>
    event.type === 'cell-started' ? [event.argv[event.argv.indexOf('-pidfile') + 1] ?? ''] : [],
  );
  const pids = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return pids.map(Number).filter((pid) => pid > 0);
}

/**
 * Stops the QEMUs of a run and lets them go on, for moments of up to a second each, until it is told to end.
 * @returns the end, which tells how often a QEMU was stopped.
 */
export function stutter(world: World, seed: number): () => Promise<number> {
  const next = seededRandom(seed);
  const end = new AbortController();
  let times = 0;
  const signal = (pid: number, name: NodeJS.Signals): boolean => {
    try {
      return process.kill(pid, name);
    } catch {
      return false;
    }
  };
  const done = (async () => {
    while (!end.signal.aborted) {
      for (const pid of await qemuPids(world)) {
        if (!signal(pid, 'SIGSTOP')) continue;
        times += 1;
        await sleep(100 + next() * 900);
        signal(pid, 'SIGCONT');
      }
      await sleep(20 + next() * 300);
    }
  })();
  return async () => {
    end.abort();
    await done;
    return times;
  };
}
