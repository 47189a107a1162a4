import { starvationMeter } from '../../machine/process/starvation.ts';
import type { Deeds } from './activity.ts';

/** Tells the seconds since it was started, and in how many of them the machine waited for a processor of the host. */
export function startStopwatch(pid: number): () => Pick<Deeds, 'seconds' | 'starved'> {
  const meter = starvationMeter(pid);
  const [began, before] = [performance.now(), meter()];
  return () => ({ seconds: (performance.now() - began) / 1000, starved: meter() - before });
}
