import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from '../harness/console/guest.ts';

/** Looks again and again, less and less often, until there is an answer or the time is over: then undefined. */
export async function until<Answer>(
  guest: Guest,
  timeoutSeconds: number,
  look: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const deadline = performance.now() + timeoutSeconds * guest.slowness * 1000;
  for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
    // One look after the deadline: what came while we slept is found.
    const isLast = performance.now() >= deadline;
    const answer = await look();
    if (answer !== undefined || isLast) return answer;
    await sleep(Math.max(0, Math.min(pause, deadline - performance.now())), undefined, {
      signal: guest.signal,
    });
  }
}
