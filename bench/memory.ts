import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../harness/events.ts';
import { lineBytes, panicText, writeBenchDisk } from './guest.ts';
import { benchWorld, runLive } from './live.ts';
import type { Result } from './result.ts';

const cells = 8;
const lines = 400_000;
const lookMilliseconds = 50;

/** Eight machines at once that print as fast as they can: the most memory that the harness itself ever had. */
export async function memory(): Promise<Result[]> {
  await using world = await benchWorld();
  const images = Array.from({ length: cells }, (_, index) => join(world.path, `guest${index}.img`));
  for (const image of images) await writeBenchDisk(image, { lines, text: panicText });
  // What a host's first run compiles is kept.
  const first = join(world.path, 'first.img');
  await writeBenchDisk(first, { lines: 0, text: panicText });
  await runLive(world, [first], 1);
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  const events = await runLive(world, images, cells, (pid) => {
    timer = setInterval(() => {
      peak = Math.max(peak, peakOf(pid));
    }, lookMilliseconds);
  }).finally(() => clearInterval(timer));
  const together = mostAtOnce(events);
  if (together < cells)
    throw new Error(`this host has room for ${together} machines at once, not for ${cells}`);
  return [
    {
      name: `most memory of the harness with ${cells} cells`,
      value: peak,
      unit: 'MiB',
      goal: 150,
      of: `VmHWM of its process; each guest printed ${(lines * lineBytes) / 1e6} MB`,
    },
  ];
}

/** MiB; 0 once the process is gone. */
function peakOf(pid: number): number {
  try {
    const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function mostAtOnce(events: readonly RunEvent[]): number {
  let running = 0;
  let most = 0;
  for (const { type } of events) {
    if (type === 'cell-started') most = Math.max(most, ++running);
    if (type === 'cell-finished') running -= 1;
  }
  return most;
}
