import { setTimeout as sleep } from 'node:timers/promises';
import { type KeysToSerial, speakOnSerial } from '../console/serial-by-keys.ts';
import type { PhaseTracker } from '../console/phases.ts';

export interface KeysAccess extends KeysToSerial {
  phases: PhaseTracker;
  /** Resolves when there is another sign that the system is up; may reject, when there will be none. */
  up: Promise<unknown>;
}

/**
 * Seconds after power-on from which keys are typed into a guest that shows no other sign of being up: firmware and boot
 * menus, which keys would lead astray, are over by then.
 */
const blindSeconds = 90;
/** Seconds of silence after which a serial port that the kernel spoke on has nobody who answers there. */
const quietSeconds = 60;

/**
 * Waits until the guest is up and its serial port has nobody to talk to, then gets a shell there by keys.
 * @returns the command that was typed.
 */
export async function openSerialByKeys(options: KeysAccess): Promise<string> {
  const { up, signal, slowness } = options;
  const blind = new AbortController();
  const either = AbortSignal.any([signal, blind.signal]);
  await Promise.race([up, sleep(blindSeconds * slowness * 1000, undefined, { signal: either })]).finally(() =>
    blind.abort(),
  );
  signal.throwIfAborted();
  await untilQuiet(options);
  return speakOnSerial(options);
}

/** A port that the kernel speaks on may have a getty too, which is asked first. */
async function untilQuiet({ phases, transcript, signal, slowness }: KeysAccess): Promise<void> {
  if (!phases.isOnSerial('kernel')) return;
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
