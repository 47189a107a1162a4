import type { EventOf, RunEvent } from '../harness/events.ts';
import type { Result } from './result.ts';

/** What a run cost: the harness beside its machines, and the wall beside the least that these machines allow. */
export function costOf(events: readonly RunEvent[]): Result[] {
  const started = only(events, 'run-started');
  const finished = only(events, 'run-finished');
  const cells = events
    .filter((event) => event.type === 'cell-finished')
    .filter((cell) => cell.cpuSeconds !== null);
  const machines = cells.reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0);
  const longest = Math.max(...cells.map(({ seconds }) => seconds));
  const { cpus } = started.host;
  const bound = Math.max(longest, machines / cpus);
  const s = (seconds: number): string => `${seconds.toFixed(1)} s`;
  return [
    {
      name: 'harness CPU time over CPU time of QEMU',
      value: finished.cpuSeconds / machines,
      goal: 0.02,
      of: `${s(finished.cpuSeconds)} / ${s(machines)} in ${cells.length} cells`,
    },
    {
      name: 'wall time over max(longest cell, CPU time of QEMU / cores)',
      value: finished.seconds / bound,
      goal: 1.15,
      of: `${s(finished.seconds)} / max(${s(longest)}, ${s(machines)} / ${cpus})`,
    },
  ];
}

function only<T extends RunEvent['type']>(events: readonly RunEvent[], type: T): EventOf<T> {
  const found = events.find((event): event is EventOf<T> => event.type === type);
  if (found === undefined) throw new Error(`The run has no event ${type}: it did not end by itself.`);
  return found;
}
