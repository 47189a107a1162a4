import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { lineBytes, panicText, writeBenchDisk } from './guest.ts';
import { benchWorld, runLive, serialLogOf } from './live.ts';
import { median, type Result } from './result.ts';

const lines = 100_000;
const total = lines * lineBytes;
const rounds = 7;
const lookMilliseconds = 2;

/**
 * A guest that prints 100,000 lines as fast as the port takes them: once with the port going to a file and nobody
 * there, once as a live cell of the real command line. The same machine and image both times, in turns.
 */
export async function throughput(): Promise<Result[]> {
  await using world = await benchWorld();
  const image = join(world.path, 'flood.img');
  await writeBenchDisk(image, { lines, text: panicText });
  // Proves the accelerator, and leaves the script that boots the same machine by hand.
  const events = await runLive(world, [image], 1);
  const cell = events.find((event) => event.type === 'cell-started')?.cell ?? '';
  const log = serialLogOf(world, events, cell);
  const script = await readFile(join(world.out, 'cells', cell, 'qemu.sh'), 'utf8');

  const raw: number[] = [];
  const live: number[] = [];
  for (let round = 0; round < rounds; round++) {
    raw.push(await timeRaw(script, world.path));
    await rm(log);
    const [seconds] = await Promise.all([timeFlood(log), runLive(world, [image], 1)]);
    live.push(seconds);
  }
  const [alone, watched] = [median(raw), median(live)];
  return [
    {
      name: 'time of 100,000 lines through a live cell over the raw emulated port',
      value: watched / alone,
      goal: 1.1,
      of: `${watched.toFixed(3)} s / ${alone.toFixed(3)} s, medians of ${rounds}`,
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
    return await timeFlood(log);
  } finally {
    if (qemu.pid !== undefined) process.kill(-qemu.pid, 'SIGTERM');
    await qemu;
  }
}

/** Seconds from the log's first bytes to its last, seen from outside. */
async function timeFlood(log: string): Promise<number> {
  let began: number | undefined;
  for (;;) {
    const size = await stat(log).then(
      (file) => file.size,
      () => 0,
    );
    const now = performance.now() / 1000;
    if (size > 0) began ??= now;
    if (began !== undefined && size >= total) return now - began;
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
}
