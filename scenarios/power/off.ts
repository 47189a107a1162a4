import type { Guest } from '../../harness/console/guest.ts';
import { insteadOf } from './instead.ts';

/** Does the machine go off when its power button is pressed? A sentence that says what it did; null: it did. */
export async function checkPowerOff(guest: Guest): Promise<string | null> {
  const { deed, seconds, console } = await guest.power.pressButton();
  guest.note({
    action: 'press the power button (ACPI)',
    observed: `${deed} after ${seconds.toFixed(1)} s`,
  });
  return deed === 'off' ? null : insteadOf(guest, 'power off', { deed, seconds, console });
}
