import type { Supplies } from '../console/guest.ts';
import { GuestError } from '../errors.ts';
import type { Rung } from '../events.ts';
import { takeKernel } from '../machine/direct-kernel.ts';
import type { Given } from '../machine/prepare.ts';
import type { Cell } from '../matrix/cell.ts';
import { serialDevice } from './access-by-keys.ts';
import type { SshKey } from './access.ts';
import { loginCredentials } from './credentials.ts';

/** A rung, made ready for one boot. */
export interface PreparedRung {
  rung: Rung;
  given: Given;
  supplies: Supplies;
  /** The key that the machine is given for the guest's SSH server. */
  ownKey?: SshKey;
}

/** @param scratch takes what the rung needs of its own */
export async function prepareRung(rung: Rung, cell: Cell, scratch: string): Promise<PreparedRung> {
  switch (rung) {
    case 'shipped':
      return { rung, given: {}, supplies: {} };
    case 'credentials': {
      const { given, ownKey, publicKey } = await loginCredentials(cell.arch, scratch);
      return { rung, given, ownKey, supplies: { autologin: true, publicKey } };
    }
    case 'kernel': {
      const kernel = await takeKernel(cell.image, cell.arch, scratch);
      if (kernel === null) {
        throw new GuestError(
          'no-kernel',
          'no bootloader configuration that starts a Linux kernel was found in it',
        );
      }
      const options = `${kernel.options} console=tty0 console=${serialDevice[cell.arch]},115200`;
      return { rung, given: { kernel: { ...kernel, options: options.trim() } }, supplies: {} };
    }
  }
}
