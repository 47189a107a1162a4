import type { Guest } from '../../harness/console/guest.ts';
import type { Shell } from '../../harness/console/shells/shell.ts';
import { GuestError } from '../../harness/errors.ts';
import { runAsRoot } from '../guest-script.ts';
import { bootId } from './boot-id.ts';
import { insteadOf } from './instead.ts';

/** In the background, and later: the answer must be out before the console is taken down. */
const rebootScript = "setsid sh -c 'sleep 1; systemctl reboot || reboot' </dev/null >/dev/null 2>&1 &";

/**
 * Does the machine reboot when its own command asks for it, and come back with the same way in?
 * @returns the shell of the new boot and the seconds from the reset to it, or a sentence that says what is wrong.
 */
export async function checkReboot(
  guest: Guest,
): Promise<{ shell: Shell; seconds: number } | { problem: string }> {
  const before = await bootId(guest);
  const gone = await guest.power.afterAsking(() => runAsRoot(guest, rebootScript));
  const { access } = guest.shell;
  guest.note({
    action: 'systemctl reboot',
    observed: `${gone.deed} after ${gone.seconds.toFixed(1)} s`,
    access,
  });
  if (gone.deed !== 'reset') return { problem: await insteadOf(guest, 'reboot', gone) };

  const { shell, seconds } = await guest.power.comeBack().catch((error: unknown) => {
    if (!(error instanceof GuestError)) throw error;
    const { code, message, evidence } = error;
    throw new GuestError(code, `it rebooted and did not come back: ${message}`, {
      cause: error,
      ...(evidence === undefined ? {} : { evidence }),
    });
  });
  guest.note({
    action: 'wait for a shell',
    observed: `${shell.user} by ${shell.access} ${seconds.toFixed(1)} s after the reset`,
    access: shell.access,
  });
  if (shell.access !== access) {
    return { problem: `expected the way in by ${access} again after the reboot, got ${shell.access}` };
  }
  const after = await bootId({ ...guest, shell });
  guest.note({ action: 'compare boot_id', observed: `before ${before}, after ${after}`, access });
  if (before === '' || after === '' || after === before) {
    const was = before || 'none';
    return { problem: `expected another boot_id after the reboot than ${was}, got ${after || 'none'}` };
  }
  return { shell, seconds };
}
