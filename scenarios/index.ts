import { autologin } from './autologin.ts';
import { flakes } from './flakes.ts';
import { keyboard } from './keyboard.ts';
import { power } from './power.ts';
import type { Scenario } from './scenario.ts';
import { sshd } from './sshd.ts';

/** The checks that come with the harness, each in `scenarios/<name>.ts`; `power` is last, since it switches the machine off. */
export const builtIn: readonly Scenario[] = [flakes, sshd, autologin, keyboard, power];
