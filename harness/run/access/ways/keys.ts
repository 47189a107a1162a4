import { speakOnSerial } from '../../../console/shells/serial-by-keys.ts';
import { GuestError } from '../../../errors.ts';
import { idleFor, untilIdle } from '../boot-done.ts';
import { promisedKey } from '../ssh-login.ts';
import { serialDevice } from '../../../console/serial/port.ts';
import type { Attempt, Way } from './way.ts';

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
 * The shell on the virtual screen, which starts another one on serial: only for guests that ship so and have no better
 * way in, and whose contract names who is logged in there.
 */
export const keys: Way<string> = {
  needs: ({ contract, rung = 'shipped' }) =>
    rung === 'shipped' ? (contract.autologin.screen ?? undefined) : undefined,
  isShutBy: 'refusal',

  async open(user, attempt) {
    const { opened } = attempt;
    const ends = new AbortController();
    Promise.any([opened('ssh'), opened('guest-agent')]).then(
      () => ends.abort(new Error('there is a better way in')),
      () => {},
    );
    await openSerialByKeys(user, { ...attempt, signal: AbortSignal.any([attempt.signal, ends.signal]) });
    return opened('serial');
  },
};

/**
 * Waits until the boot is done and the serial port has nobody to talk to, then gets a shell there by keys.
 * @throws GuestError `no-shell-on-screen` when no shell ran what was typed.
 */
async function openSerialByKeys(user: string, attempt: Attempt): Promise<void> {
  const { arch, contract, keyboard, port, signal, slowness, typing } = attempt;
  await untilServedOrIdle(attempt);
  let loginIsOver: Promise<void> | undefined;
  await speakOnSerial({
    keyboard,
    transcript: port.transcript,
    device: `/dev/${serialDevice[arch]}`,
    layout: contract.keyboard,
    user,
    slowness,
    signal,
    word: typing.word,
    mayType: pacer(attempt),
    mayInterrupt: () =>
      (loginIsOver ??= idleFor(loginSeconds.idle * slowness, {
        ...attempt,
        most: loginSeconds.most * slowness,
      })),
    onTyping: (command) => {
      typing.command = command;
    },
  });
}

/** Resolves when there is a sign that the boot is done. */
async function untilServedOrIdle(attempt: Attempt): Promise<void> {
  const { banner, contract, opened, signal } = attempt;
  // Without a key of ours an SSH server is still a sign that the boot is done.
  const served = promisedKey(contract) === undefined ? banner : opened('ssh').catch(() => {});
  const ends = new AbortController();
  const idle = untilIdle({ ...attempt, signal: AbortSignal.any([signal, ends.signal]) });
  await Promise.race([served, idle]).finally(() => ends.abort());
  // What ends the cell ends the wait for its SSH server, too, and that is no sign of anything.
  signal.throwIfAborted();
}

/** Resolves, before each line, when it may be typed. */
function pacer({ phases, quiet, signal, slowness }: Attempt): () => Promise<void> {
  let lines = 0;
  let began: number | undefined;
  let quietUntil: number | undefined;
  return async () => {
    // A port that the guest speaks on may have a getty too, which is asked first.
    if (phases.isSystemOnSerial) {
      quietUntil ??= performance.now() + mostQuietSeconds * slowness * 1000;
      const most = Math.max(0, quietUntil - performance.now()) / 1000;
      await quiet.last(quietSeconds * slowness, { most, signal });
    }
    began ??= performance.now();
    const seconds = (performance.now() - began) / 1000;
    if (lines >= longestTry.lines && seconds > longestTry.seconds * slowness) {
      throw new GuestError('no-shell-on-screen', 'no shell ran what was typed on the virtual screen');
    }
    lines += 1;
  };
}
