import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Behaviour } from './behaviour.ts';
import { bootToInitrd } from './boot.ts';

/** So many threads on one processor: each waits for it seven eighths of its time. */
const threads = 8;
const milliseconds = 13_000;

/**
 * A machine that its host starves for a time, then does nothing, and whose guest's own clock then runs out: it had too
 * little of a processor, though not for most of the time.
 */
export const starves: Behaviour = {
  /** Connected to by QEMU's network, and answered by nobody. */
  serve() {},
  async play(guest) {
    bootToInitrd(guest);
    // Before there are threads, which take it over: what they run on another processor is no starvation.
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', String(process.pid)]);
    const spinning = Array.from({ length: threads }, () => new Worker('for (;;);', { eval: true }));
    await sleep(milliseconds);
    await Promise.all(spinning.map((one) => one.terminate()));
    await sleep(1.2 * milliseconds);
    guest.say('[ TIME ] Timed out waiting for device dev-disk-by\\x2dlabel-stub.device.\n');
    guest.say('\nYou are in emergency mode. After logging in, type "journalctl -xb" to view\n');
  },
};
