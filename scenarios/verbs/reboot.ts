import type { Guest } from '../../harness/console/guest.ts';
import { GuestError } from '../../harness/errors.ts';
import { checkReboot } from '../power/reboot.ts';

/** Has the guest reboot and come back by the same way in. */
export async function reboot(guest: Guest): Promise<{ seconds: number }> {
  const back = await checkReboot(guest);
  if ('problem' in back) throw new GuestError('no-reboot', back.problem);
  return { seconds: back.seconds };
}
