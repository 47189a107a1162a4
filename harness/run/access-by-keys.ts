import { setTimeout as sleep } from 'node:timers/promises';
import type { Arch } from '../images/image.ts';
import { type KeysToSerial, speakOnSerial } from '../console/serial-by-keys.ts';
import type { PhaseTracker } from '../console/phases.ts';

/** The first serial port as Linux names it on QEMU's machines. */
const serialDevice: Record<Arch, string> = { x86_64: '/dev/ttyS0', aarch64: '/dev/ttyAMA0' };

export interface KeysAccess extends Omit<KeysToSerial, 'mayType' | 'device'> {
  arch: Arch;
  phases: PhaseTracker;
  /** Resolves when there is a sign that the system is up; may reject, when there will be none. */
  up: Promise<unknown>;
  /** CPU time in seconds that QEMU took or waited for; null where the host can't tell. */
  demandSeconds: () => number | null;
}

/**
 * Without another sign a guest counts as up once it has nothing to do any more: its QEMU wanted less than this
 * share of one core for so many seconds. Keys that come earlier can stop a boot menu for good.
 */
const idleShare = 0.15;
const idleSeconds = 30;
/** Seconds after power-on before which no guest is up: boot menus idle, too, and go on by themselves. */
const menuSeconds = 60;
/** Seconds of silence after which a serial port that the guest spoke on has nobody who answers there. */
const quietSeconds = 60;
const lookMilliseconds = 1000;

/**
 * Waits until the guest is up and its serial port has nobody to talk to, then gets a shell there by keys.
 * @returns the command that was typed.
 */
export async function openSerialByKeys(options: KeysAccess): Promise<string> {
  const { up, signal } = options;
  const ends = new AbortController();
  const idle = untilIdle(options, AbortSignal.any([signal, ends.signal]));
  await Promise.race([up, idle]).finally(() => ends.abort());
  // What ends the cell ends the wait for its SSH server, too, and that is no sign that the guest is up.
  signal.throwIfAborted();
  return speakOnSerial({
    ...options,
    device: serialDevice[options.arch],
    mayType: () => untilQuiet(options),
  });
}

/** There is no event for a guest that waits: it is looked at, which costs one read of a file. */
async function untilIdle({ demandSeconds, slowness }: KeysAccess, signal: AbortSignal): Promise<void> {
  await sleep(menuSeconds * slowness * 1000, undefined, { signal });
  let busyAt = performance.now();
  let used = demandSeconds();
  while (performance.now() - busyAt < idleSeconds * 1000) {
    await sleep(lookMilliseconds, undefined, { signal });
    const now = demandSeconds();
    const share = now === null || used === null ? 1 : ((now - used) * 1000) / lookMilliseconds;
    if (share > idleShare) busyAt = performance.now();
    used = now;
  }
}

/** A port that the guest speaks on may have a getty too, which is asked first. */
async function untilQuiet({ phases, transcript, signal, slowness }: KeysAccess): Promise<void> {
  if (!phases.isOnSerial('kernel') && !phases.isOnSerial('userspace')) return;
  const quiet = Promise.withResolvers<void>();
  const timer = setTimeout(quiet.resolve, quietSeconds * slowness * 1000);
  const off = transcript.onChange(() => timer.refresh());
  const onAbort = (): void => quiet.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await quiet.promise;
  } finally {
    clearTimeout(timer);
    off();
    signal.removeEventListener('abort', onAbort);
  }
}
