import type { Arch } from '../../images/image.ts';
import { type KeysToSerial, speakOnSerial } from '../../console/shells/serial-by-keys.ts';
import type { PhaseTracker } from '../../console/signs/phases.ts';
import { GuestError } from '../../errors.ts';
import type { Quiet } from '../watch/quiet.ts';
import { idleFor, untilIdle } from './up.ts';

/** The first serial port as Linux names it on QEMU's machines. */
export const serialDevice: Record<Arch, string> = { x86_64: 'ttyS0', aarch64: 'ttyAMA0' };

export interface KeysAccess extends Omit<KeysToSerial, 'mayType' | 'mayInterrupt' | 'device'> {
  arch: Arch;
  phases: PhaseTracker;
  /** Of the serial port. */
  quiet: Quiet;
  /** Resolves when there is a sign that the system is up; may reject, when there will be none. */
  up: Promise<unknown>;
  /** CPU time in seconds that QEMU took or waited for; null where the host can't tell. */
  demandSeconds: () => number | null;
}

/** Seconds of silence after which a serial port that the guest spoke on has nobody who answers there. */
const quietSeconds = 60;
/** How long it is waited for at most, before all lines together: a guest may never stop talking. */
export const mostQuietSeconds = 240;
/**
 * Where so many lines, and for so many seconds, were typed in vain, no shell reads the keys. A screen may come late: its
 * shell was seen minutes behind the SSH server on a host that had become three times as slow as it was measured.
 */
export const longestTry = { lines: 12, seconds: 240 };
/**
 * A login that is interrupted before it has started its shell is over, and NixOS starts no other one under kmscon: a
 * guest that has had nothing to do for so many seconds is through with it. At most, for guests that always have.
 */
const loginSeconds = { idle: 10, most: 60 };

/**
 * Waits until the guest is up and its serial port has nobody to talk to, then gets a shell there by keys.
 * @returns the command that was typed.
 * @throws GuestError `no-shell-on-screen` when nothing runs what is typed.
 */
export async function openSerialByKeys(options: KeysAccess): Promise<string> {
  const { up, signal, phases, quiet, slowness } = options;
  const ends = new AbortController();
  const idle = untilIdle({ ...options, signal: AbortSignal.any([signal, ends.signal]) });
  await Promise.race([up, idle]).finally(() => ends.abort());
  // What ends the cell ends the wait for its SSH server, too, and that is no sign that the guest is up.
  signal.throwIfAborted();
  // A port that the guest speaks on may have a getty too, which is asked first.
  let lines = 0;
  let began: number | undefined;
  let quietUntil: number | undefined;
  let loginIsOver: Promise<void> | undefined;
  return speakOnSerial({
    ...options,
    device: `/dev/${serialDevice[options.arch]}`,
    mayType: async () => {
      if (phases.isSystemOnSerial) {
        quietUntil ??= performance.now() + mostQuietSeconds * slowness * 1000;
        const most = Math.max(0, quietUntil - performance.now()) / 1000;
        await quiet.last(quietSeconds * slowness, { most, signal });
      }
      began ??= performance.now();
      const seconds = (performance.now() - began) / 1000;
      if (lines >= longestTry.lines && seconds > longestTry.seconds * slowness) {
        throw new GuestError('no-shell-on-screen', 'nothing runs what is typed on the virtual screen');
      }
      lines += 1;
    },
    mayInterrupt: () =>
      (loginIsOver ??= idleFor(loginSeconds.idle * slowness, {
        ...options,
        most: loginSeconds.most * slowness,
      })),
  });
}
