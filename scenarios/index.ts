import { autologin } from './autologin.ts';
import { flakes } from './flakes.ts';
import { keyboard } from './keyboard.ts';
import { power } from './power.ts';
import type { Scenario } from './scenario.ts';
import { sshd } from './sshd.ts';

/**
 * Every check there is, in the order in which they run: the virtual screen late, since it comes up last, and power
 * at the end, since it ends the machine.
 */
export const scenarios: readonly Scenario[] = [flakes, sshd, autologin, keyboard, power];
