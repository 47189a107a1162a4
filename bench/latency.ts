import { statSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../harness/console/testing/random.ts';
import { panicText, writeBenchDisk } from './guest.ts';
import { benchWorld, runLive, serialLogOf } from './live.ts';
import { percentile, type Result } from './result.ts';

const guests = 100;
const jobs = 4;
/** Timer ticks of 55 ms up to which a guest waits before its panic. */
const longestTicks = 40;

/**
 * Guests that panic at random moments, four at once. The evidence is in the log when the kernel of this host last wrote
 * to it, which is the guest's last line; the verdict is there when `cell-finished` was written to the event log.
 */
export async function latency(): Promise<Result[]> {
  await using world = await benchWorld();
  const random = seededRandom(2);
  const images = Array.from({ length: guests }, (_, index) => join(world.path, `guest${index}.img`));
  for (const image of images) {
    await writeBenchDisk(image, { lines: 0, ticks: Math.floor(random() * longestTicks), text: panicText });
  }
  const events = await runLive(world, images, jobs);
  const seconds = events
    .filter((event) => event.type === 'cell-finished')
    .map(({ cell, time }) => (Date.parse(time) - statSync(serialLogOf(world, events, cell)).mtimeMs) / 1000);
  return [
    {
      name: "from a panic in QEMU's log to the verdict, the 99th percentile",
      value: percentile(seconds, 99),
      unit: 's',
      goal: 1,
      of: `${guests} guests, ${jobs} at once: median ${percentile(seconds, 50).toFixed(3)} s, longest ${Math.max(...seconds).toFixed(3)} s`,
    },
  ];
}
