import { setTimeout as sleep } from 'node:timers/promises';
import type { Emit, EventOf } from '../../events.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Attached } from '../attach/attach-server.ts';
import { mostMilliseconds } from '../limits.ts';
import type { Conclusion } from '../verdict.ts';

export interface Hold {
  cell: string;
  machine: Machine;
  attached: Attached;
  /** What it came to. */
  conclusion: Conclusion;
  /** How long it is held at most. */
  seconds: number;
  emit: Emit;
  signal: AbortSignal;
}

/**
 * Keeps the machine of a cell that did not pass until a person is done with it: until its time is over, its QEMU has ended
 * (`quit` in its monitor), or the run is. Tells how to get in. Does not reject.
 * @returns for how many seconds.
 */
export async function hold({ cell, machine, conclusion, seconds, emit, ...more }: Hold): Promise<number> {
  const { attached, signal } = more;
  const began = performance.now();
  const { verdict, reason } = conclusion;
  const done = new AbortController();
  const milliseconds = Math.min(seconds * 1000, mostMilliseconds);
  const timer = sleep(milliseconds, 'time' as const, { signal: AbortSignal.any([signal, done.signal]) });
  const ends: Promise<EventOf<'let-go'>['because']>[] = [
    machine.exited.then(() => 'ended' as const),
    timer.catch(() => 'interrupted' as const),
  ];
  const ended = Promise.race(ends);
  const ways = await Promise.race([attached.waysIn(), ended.then(() => null)]);
  if (ways !== null) emit({ type: 'held', cell, verdict, reason, seconds, ways });
  const because = await ended;
  done.abort();
  const held = (performance.now() - began) / 1000;
  if (ways !== null) emit({ type: 'let-go', cell, seconds: held, because });
  return held;
}
