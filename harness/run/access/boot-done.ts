import { setTimeout as sleep } from 'node:timers/promises';
import type { PhaseTracker } from '../../console/signs/phases.ts';
import { waitForSshBanner } from '../../console/shells/ssh-banner.ts';
import type { Sign } from './no-way-in.ts';

export interface BootDoneOptions {
  ssh: { host: string; port: number };
  phases: PhaseTracker;
  /** CPU time in seconds that QEMU took or waited for; null where the host can't tell. */
  demandSeconds: () => number | null;
  /** Whether a system was seen to run: a bootloader idles, too. @default it is taken for granted */
  systemRuns?: () => boolean;
  slowness: number;
  signal: AbortSignal;
}

/**
 * Without another sign a guest's boot counts as done once it has nothing to do any more: its QEMU wanted less than this
 * share of one core for so many seconds. Keys that come earlier can stop a boot menu for good.
 */
const idleShare = 0.15;
const idleSeconds = 30;
/** Seconds after power-on before which no boot is done: boot menus idle, too, and go on by themselves. */
const menuSeconds = 60;
const lookMilliseconds = 1000;

/** Waits, without bound, until there is a sign that the boot is done, and tells which. */
export async function untilBootDone(options: BootDoneOptions): Promise<Sign> {
  const ends = new AbortController();
  const signal = AbortSignal.any([options.signal, ends.signal]);
  try {
    return await Promise.race([
      waitForSshBanner({ ...options.ssh, signal }).then((): Sign => 'ssh'),
      untilIdle({ ...options, signal }).then((): Sign =>
        options.phases.isOnSerial('userspace') || options.phases.isOnSerial('login') ? 'serial' : 'idle',
      ),
    ]);
  } finally {
    ends.abort(new Error('it is known whether the boot is done'));
  }
}

/** Waits until a guest that nobody has heard of has nothing to do any more. */
export async function untilIdle(options: Omit<BootDoneOptions, 'ssh'>): Promise<void> {
  const { phases, slowness, signal } = options;
  await sleep(menuSeconds * slowness * 1000, undefined, { signal });
  await idleFor(idleSeconds, {
    ...options,
    isUnderWay: () => isUnderWay(phases) || options.systemRuns?.() === false,
  });
}

interface IdleOptions extends Pick<BootDoneOptions, 'demandSeconds' | 'signal'> {
  /** Whether it has something to do although it does nothing. @default never */
  isUnderWay?: () => boolean;
  /** Seconds after which it is waited for no longer. @default without bound */
  most?: number;
}

/** There is no event for a guest that waits: it is looked at, which costs one read of a file. */
export async function idleFor(
  seconds: number,
  { demandSeconds, signal, isUnderWay = () => false, most = Infinity }: IdleOptions,
): Promise<void> {
  const began = performance.now();
  let busyAt = began;
  let used = demandSeconds();
  const isOver = (now: number): boolean => now - busyAt >= seconds * 1000 || now - began >= most * 1000;
  while (!isOver(performance.now())) {
    await sleep(lookMilliseconds, undefined, { signal });
    const now = demandSeconds();
    const share = now === null || used === null ? 1 : ((now - used) * 1000) / lookMilliseconds;
    if (share > idleShare || isUnderWay()) busyAt = performance.now();
    used = now;
  }
}

/** A guest whose kernel speaks on serial tells there that its system runs; before that it waits for something. */
const isUnderWay = (phases: PhaseTracker): boolean =>
  phases.isOnSerial('kernel') && (phases.here === 'kernel' || phases.here === 'initrd');
