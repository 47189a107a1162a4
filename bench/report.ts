import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fold } from '../harness/report/record/fold.ts';
import { page } from '../harness/report/html/page.ts';
import { openReport, startChromium } from '../test/browser/chromium.ts';
import { panicText, writeBenchDisk } from './guest.ts';
import { benchWorld, runLive } from './live.ts';
import { recordCells } from './report-cells.ts';
import { type Result, median } from './result.ts';

const cells = 500;
const repeats = 3;

/** The HTML report of a large matrix: what writing it costs, how large it is, and how long it takes to open. */
export async function report(): Promise<Result[]> {
  await using world = await benchWorld();
  const out = join(world.path, 'report');
  const events = recordCells(out, cells);
  const record = fold(events);
  const file = join(out, 'index.html');
  const before = process.cpuUsage();
  for (let time = 0; time < repeats; time += 1) writeFileSync(file, page(record, { outDir: out }));
  const { user, system } = process.cpuUsage(before);
  const writing = (user + system) / 1e6 / repeats;
  const bytes = statSync(file).size;
  await using browser = await startChromium();
  const opening = await measured(async () => {
    await using opened = await openReport(browser, file);
    // It answers: rows can be found.
    await opened.page.locator('.filter input').fill('repeat-499');
    await opened.page
      .locator('.found')
      .filter({ hasText: `1 of ${cells}` })
      .waitFor();
  });
  const shortest = await shortestCell(world);
  return [
    {
      name: `writing the HTML report of ${cells} cells, of the shortest cell that there is`,
      value: writing / cells / shortest,
      goal: 0.01,
      of: `${writing.toFixed(2)} s of CPU for all / ${shortest.toFixed(2)} s of QEMU's for a boot sector that panics`,
    },
    { name: 'its size', value: bytes / 2 ** 20, unit: 'MiB', goal: 20, of: `${bytes} bytes` },
    {
      name: 'opening it in Chromium, until a search in it is answered',
      value: opening,
      unit: 's',
      goal: 2,
      of: `the median of ${repeats}`,
    },
  ];
}

/** Seconds; the median. */
async function measured(action: () => unknown): Promise<number> {
  const seconds: number[] = [];
  for (let time = 0; time < repeats; time += 1) {
    const began = performance.now();
    await action();
    seconds.push((performance.now() - began) / 1000);
  }
  return median(seconds);
}

/** A guest that does nothing but panic: any other cell takes longer. */
async function shortestCell(world: Awaited<ReturnType<typeof benchWorld>>): Promise<number> {
  const image = join(world.path, 'guest.img');
  await writeBenchDisk(image, { lines: 0, text: panicText });
  const run = await runLive(world, [image], 1);
  const end = run.find((event) => event.type === 'cell-finished');
  return end?.type === 'cell-finished' ? (end.cpuSeconds ?? Number.NaN) : Number.NaN;
}
