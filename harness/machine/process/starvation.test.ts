import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import { expect, test } from 'vitest';
import { starvationMeter } from './starvation.ts';

const pid = 7;

/** A /proc with one process. */
async function makeProc() {
  const { path, cleanup } = await dir({ unsafeCleanup: true });
  const task = join(path, String(pid), 'task');
  return {
    path,
    [Symbol.asyncDispose]: cleanup,
    /** @param thread seconds that it ran and waited; null: it has ended. */
    async thread(id: number, thread: [ran: number, waited: number] | null): Promise<void> {
      await rm(join(task, String(id)), { recursive: true, force: true });
      if (thread === null) return;
      await mkdir(join(task, String(id)), { recursive: true });
      await writeFile(join(task, String(id), 'schedstat'), `${thread.map((one) => one * 1e9).join(' ')} 1\n`);
    },
    /** Ticks that the host's processors ran and that were stolen from them. */
    host: (ran: number, stolen: number) =>
      writeFile(join(path, 'stat'), `cpu  ${ran} 0 0 5000 0 0 0 ${stolen} 0 0\n`),
  };
}

test('the thread that waited longest counts, and what it waited stays when it has ended', async () => {
  await using proc = await makeProc();
  await proc.host(100, 0);
  await proc.thread(7, [1, 2]);
  await proc.thread(8, [1, 5]);
  const starved = starvationMeter(pid, proc.path);
  expect(starved()).toBe(5);
  await proc.thread(8, null);
  expect(starved()).toBe(5);
  await proc.thread(7, [1, 9]);
  expect(starved()).toBe(9);
});

test('what a hypervisor stole from the host while a thread ran counts, look after look', async () => {
  await using proc = await makeProc();
  await proc.host(100, 0);
  await proc.thread(7, [10, 2]);
  const starved = starvationMeter(pid, proc.path);
  // Of what was stolen before nobody knows how much was this thread's.
  expect(starved()).toBe(2);
  await proc.host(150, 50);
  await proc.thread(7, [30, 2]);
  expect(starved()).toBeCloseTo(2 + 10);
  await proc.host(225, 75);
  await proc.thread(7, [50, 3]);
  expect(starved()).toBeCloseTo(3 + 10 + 5);
});

test('a host that does not tell', () => {
  expect(starvationMeter(pid, '/nowhere')()).toBe(0);
});
