import { statSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../harness/console/testing/random.ts';
import type { RunEvent } from '../harness/events.ts';
import { buildReferenceImages } from '../reference/build.ts';
import { formatPaths } from '../reference/formats.ts';
import { readEventLog, startCli } from '../test/cli.ts';
import { panicText, writeScreenDisk } from './guest.ts';
import { benchWorld, runLive, serialLogOf } from './live.ts';
import { percentile, type Result } from './result.ts';

const guests = 40;
const jobs = 2;
/** Timer ticks of 55 ms up to which a guest waits before its panic. */
const longestTicks = 200;

/** What guests that speak on the screen alone take to be told, and what reading them costs. */
export const silent = async (): Promise<Result[]> => [await latency(), await cost()];

/**
 * Guests that panic on the screen at random moments. The text stands there when the kernel of this host last wrote to the
 * log of the serial port, to which the guest sends one byte then.
 */
async function latency(): Promise<Result> {
  await using world = await benchWorld();
  const random = seededRandom(7);
  const images = Array.from({ length: guests }, (_, index) => join(world.path, `guest${index}.img`));
  for (const image of images)
    await writeScreenDisk(image, { text: panicText, ticks: Math.floor(random() * longestTicks) });
  const events = await runLive(world, images, jobs);
  const seconds = events
    .filter((event) => event.type === 'cell-finished')
    .map(({ cell, time }) => (Date.parse(time) - statSync(serialLogOf(world, events, cell)).mtimeMs) / 1000);
  return {
    name: 'from a text on the screen to the verdict, the 99th percentile',
    value: percentile(seconds, 99),
    unit: 's',
    goal: 3,
    of: `${guests} guests, ${jobs} at once: median ${percentile(seconds, 50).toFixed(3)} s, longest ${Math.max(...seconds).toFixed(3)} s`,
  };
}

/**
 * The reference images that are silent on serial, from power-on to their last check; less what a run costs that boots a
 * guest which panics at once: Node's own start, the fonts, the report.
 */
async function cost(): Promise<Result> {
  const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
  await using world = await benchWorld();
  const image = join(world.path, 'guest.img');
  await writeScreenDisk(image, { text: panicText });
  const least = await runLive(world, [image], 1);
  const images = (['qemu-silent', 'qemu-efi-silent', 'iso-installer-silent'] as const).map((format) =>
    join(directory, formatPaths[format]),
  );
  await startCli(world, ['--accel', 'tcg', '--contract', 'reference', '--images', ...images]);
  const events = await readEventLog(world);
  const [harness, machines] = [cpuOf(events, 'run-finished'), cpuOf(events, 'cell-finished')];
  const start = cpuOf(least, 'run-finished');
  return {
    name: 'silent on serial: harness CPU time over CPU time of QEMU',
    value: (harness - start) / machines,
    goal: 0.02,
    of: `(${harness.toFixed(1)} s - ${start.toFixed(1)} s) / ${machines.toFixed(1)} s`,
  };
}

/** CPU seconds that these events tell of, all together. */
const cpuOf = (events: readonly RunEvent[], type: 'run-finished' | 'cell-finished'): number =>
  events.reduce((sum, event) => sum + (event.type === type ? (event.cpuSeconds ?? 0) : 0), 0);
