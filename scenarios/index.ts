import { autologin } from './autologin.ts';
import { commands } from './commands.ts';
import { console } from './console.ts';
import { files } from './files.ts';
import { flakes } from './flakes.ts';
import { kernel } from './kernel.ts';
import { keyboard } from './keyboard.ts';
import { listening } from './listening.ts';
import { network } from './network.ts';
import { nix } from './nix.ts';
import { power } from './power.ts';
import type { Scenario } from './scenario.ts';
import { size } from './size.ts';
import { sshd } from './sshd.ts';
import { system } from './system.ts';
import { units } from './units.ts';
import { users } from './users.ts';

/** The checks that come with the harness, each in `scenarios/<name>.ts`; `power` is last, since it switches the machine off. */
export const builtIn: readonly Scenario[] = [
  system,
  units,
  listening,
  network,
  users,
  files,
  size,
  nix,
  commands,
  kernel,
  console,
  flakes,
  sshd,
  autologin,
  keyboard,
  power,
];
