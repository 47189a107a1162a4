import { statSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { RunEvent } from '../harness/events.ts';
import { lineBytes, panicText, writeBenchDisk } from './guest.ts';
import { benchWorld, runLive, serialLogOf } from './live.ts';
import { median, type Result } from './result.ts';

const lines = 100_000;
const total = lines * lineBytes;
const rounds = 7;
const lookMilliseconds = 2;

/**
 * A guest that prints 100,000 lines as fast as the port takes them and panics: once with the port going to a file and
 * nobody there, once as a live cell of the real command line, up to the verdict, which proves that all of it was read;
 * less what a verdict takes on a guest that only panics. The same machine and image both times, in turns.
 */
export async function throughput(): Promise<Result[]> {
  await using world = await benchWorld();
  const image = join(world.path, 'flood.img');
  await writeBenchDisk(image, { lines, text: panicText });
  const quiet = join(world.path, 'quiet.img');
  await writeBenchDisk(quiet, { lines: 0, text: panicText });
  // Proves the accelerator, and leaves the script that boots the same machine by hand.
  const events = await runLive(world, [image], 1);
  const cell = events.find((event) => event.type === 'cell-started')?.cell ?? '';
  const log = serialLogOf(world, events, cell);
  const script = await readFile(join(world.out, 'cells', cell, 'qemu.sh'), 'utf8');

  const raw: number[] = [];
  const live: number[] = [];
  const verdicts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    raw.push(await timeRaw(script, world.path));
    await rm(log);
    const [{ began }, flooded] = await Promise.all([followFlood(log), runLive(world, [image], 1)]);
    live.push(endOf(flooded) - began);
    const silent = await runLive(world, [quiet], 1);
    const { cell: id = '' } = silent.find((event) => event.type === 'cell-started') ?? {};
    verdicts.push(endOf(silent) - statSync(serialLogOf(world, silent, id)).mtimeMs / 1000);
  }
  const [alone, verdict] = [median(raw), median(verdicts)];
  const watched = median(live) - verdict;
  return [
    {
      name: 'time of 100,000 lines through a live cell over the raw emulated port',
      value: watched / alone,
      goal: 1.1,
      of: `${watched.toFixed(3)} s / ${alone.toFixed(3)} s, medians of ${rounds}, less ${verdict.toFixed(3)} s for the verdict`,
    },
  ];
}

async function timeRaw(script: string, directory: string): Promise<number> {
  const log = join(directory, 'raw.log');
  const file = join(directory, 'raw.sh');
  await rm(log, { force: true });
  await writeFile(file, script.replace('-serial mon:stdio', `-serial file:${log}`));
  // A group of its own: the script's shell would wait for QEMU before it hears a signal.
  const qemu = execa('sh', [file], {
    reject: false,
    stdio: 'ignore',
    detached: true,
    env: { TMPDIR: directory },
  });
  try {
    const { began, ended } = await followFlood(log);
    return ended - began;
  } finally {
    if (qemu.pid !== undefined) process.kill(-qemu.pid, 'SIGTERM');
    await qemu;
  }
}

/** When the cell came to its verdict, in seconds. */
function endOf(events: readonly RunEvent[]): number {
  const time = events.find((event) => event.type === 'cell-finished')?.time ?? '';
  return Date.parse(time) / 1000;
}

/** When the log's first bytes came and when its last, in seconds, seen from outside. */
async function followFlood(log: string): Promise<{ began: number; ended: number }> {
  let began: number | undefined;
  for (;;) {
    const size = await stat(log).then(
      (file) => file.size,
      () => 0,
    );
    const now = Date.now() / 1000;
    if (size > 0) began ??= now;
    if (began !== undefined && size >= total) return { began, ended: now };
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
}
