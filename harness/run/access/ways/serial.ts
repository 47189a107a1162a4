import { setTimeout as sleep } from 'node:timers/promises';
import { canBeRoot } from '../../../../scenarios/guest-script.ts';
import { saysWord } from '../../../console/shells/serial-by-keys.ts';
import { openSerialShell, type SerialPort } from '../../../console/shells/serial-shell.ts';
import type { Shell } from '../../../console/shells/shell.ts';
import type { Access } from '../../../events.ts';
import { idleFor } from '../boot-done.ts';
import { type Attempt, foundOrBetter, type Way, type WayIn } from './way.ts';

/** How much longer SSH may take as root where whoever is on serial cannot be root: checks look at what is root's. */
const rootGraceSeconds = 60;
/**
 * How much longer serial may take once another way works, where serial is known to speak, since it is the better witness:
 * at most, and after so many seconds in which the guest had nothing to do.
 */
const lateSeconds = { most: 90, idle: 15 };

/** A shell or a login prompt on the first serial port, which every machine has. It proves whom that logs in by itself. */
export const serial: Way<SerialPort> = {
  needs: ({ port }) => port,
  isShutBy: 'silence',

  async open(port, { asksPerson = () => false, contract, slowness, signal, typing }) {
    const { shell, autologin } = await openSerialShell(port, {
      login: contract.login,
      mayProbe: () => !asksPerson(),
      slowness,
      signal,
    });
    // A shell that keys started prompts before they know of it.
    if (typing.command !== undefined && saysWord(port.transcript, typing.word))
      return { shell: named(shell, 'keyboard'), serialAutologin: null, typed: typing.command };
    return { shell, serialAutologin: autologin ? shell.user : null };
  },

  /** Root's SSH where its user cannot be root; who was logged in here is known all the same. */
  async orBetter(found, { opened, slowness, signal }) {
    if (await canBeRoot(found.shell)) return found;
    const { serialAutologin } = found;
    const better = opened('ssh').then((ssh) => ({ ...ssh, serialAutologin }));
    return foundOrBetter(found, better, sleep(rootGraceSeconds * slowness * 1000, undefined, { signal }));
  },
};

/** Another way that works, or serial, as long as that shows that somebody will answer there. */
export const orSerial = (found: WayIn, attempt: Attempt): Promise<WayIn> =>
  foundOrBetter(found, attempt.decided('serial'), untilLate(attempt));

/** Resolves when a login prompt on serial is not to be expected any more, once another way works. */
async function untilLate(attempt: Attempt): Promise<void> {
  const { phases, slowness, signal, demandSeconds, serialIsPromised = false } = attempt;
  if (!phases.isSystemOnSerial && !serialIsPromised) return;
  const { most, idle } = lateSeconds;
  await idleFor(idle * slowness, { most: most * slowness, demandSeconds, signal });
}

/** The same shell, told of as another way in. */
export const named = (shell: Shell, access: Access): Shell => ({
  access,
  user: shell.user,
  run: shell.run.bind(shell),
  leave: () => shell.leave?.(),
});
