import type { Defect } from '../defect.ts';
import { bootloader } from './bootloader.ts';
import { contract } from './contract.ts';
import { firmware } from './firmware.ts';
import { formats } from './formats.ts';
import { initrd } from './initrd.ts';
import { kernel } from './kernel.ts';
import { keyboard } from './keyboard.ts';
import { login } from './login.ts';
import { person } from './person.ts';
import { power } from './power.ts';
import { promises } from './promises.ts';
import { release } from './release.ts';
import { silent } from './silent.ts';
import { ssh } from './ssh.ts';
import { userspace } from './userspace.ts';

/** Every defect, in the order of the phases. */
export const catalogue: readonly Defect[] = [
  ...firmware,
  ...bootloader,
  ...person,
  ...kernel,
  ...initrd,
  ...userspace,
  ...login,
  ...contract,
  ...keyboard,
  ...ssh,
  ...promises,
  ...power,
  ...formats,
  ...release,
  ...silent,
];
