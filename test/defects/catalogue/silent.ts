import type { Defect } from '../defect.ts';
import { ofSilent } from '../make/silent.ts';
import { bootloader } from './bootloader.ts';
import { firmware } from './firmware.ts';
import { initrd } from './initrd.ts';
import { kernel } from './kernel.ts';
import { login } from './login.ts';
import { userspace } from './userspace.ts';

/** Defects of what only an image has that speaks on serial: its getty there. */
const onSerialAlone: ReadonlySet<string> = new Set(['login-user-missing']);

/** The same defect in an image that is silent on serial: the same verdict, in the same phase, for the same reason. */
function silentTwin({ name, what, cell, make, expect }: Defect): Defect {
  return {
    name: `${name}-silent`,
    what: `${what}; silent on serial`,
    cell,
    make: ofSilent(make),
    expect,
  };
}

/** Ends before a command runs; what is refused is never booted, and what is checked needs a way in, which is another matter. */
const hasTwin = ({ name, expect }: Defect): boolean => 'phase' in expect && !onSerialAlone.has(name);

/** The twins of what ends a boot, in the order of the phases: what a person sees of them is on the screen alone. */
export const silent: readonly Defect[] = [
  ...firmware,
  ...bootloader,
  ...kernel,
  ...initrd,
  ...userspace,
  ...login,
]
  .filter(hasTwin)
  .map(silentTwin);
