import type { Guest } from '../harness/console/guest.ts';
import type { Contract } from './contracts/contract.ts';
import { checkPowerOff } from './power/off.ts';
import { checkReboot } from './power/reboot.ts';
import { promisedTo } from './contracts/promised.ts';
import { conclude, scenario } from './scenario.ts';
import type { Outcome } from './scenario.ts';

type Power = NonNullable<Contract['power']>;

async function check(guest: Guest, power: Power): Promise<Outcome> {
  const reboots = promisedTo(guest, power.reboot) ?? false;
  if (!reboots && !power.off) {
    return {
      verdict: 'skipped',
      reason: `the contract promises neither power-off nor, of ${guest.format}, a reboot`,
    };
  }
  let { shell } = guest;
  if (reboots) {
    const back = await checkReboot(guest);
    // What is not up cannot be switched off.
    if ('problem' in back) return conclude([back.problem]);
    shell = back.shell;
  }
  return conclude(power.off ? [await checkPowerOff({ ...guest, shell })] : []);
}

/** Reboot by the guest's own command, power-off by the machine's button. It ends the machine, so it is the last. */
export const power = scenario('power', { contract: 'power', needs: ['power'] }, ({ guest, contract }) =>
  check(guest, contract.power),
);
