import type { Guest } from '../../harness/console/guest.ts';
import type { GoneDown } from '../../harness/console/power.ts';
import { explainRefusal } from './refusal.ts';

/** A sentence on a machine that did something else than what it was asked. */
export async function insteadOf(
  guest: Guest,
  asked: 'power off' | 'reboot',
  { deed, seconds, console }: GoneDown,
): Promise<string> {
  const after = `${Math.round(seconds)} s later`;
  switch (deed) {
    case 'off':
      return `asked to ${asked}, the machine powered off ${after}`;
    case 'reset':
      return `asked to ${asked}, the machine reset itself ${after}`;
    case 'asleep':
      return `asked to ${asked}, the machine went to sleep ${after}`;
    case 'nothing':
      return `asked to ${asked}, ${after} still running: ${await explainRefusal(guest, console)}`;
  }
}
