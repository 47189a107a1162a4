import type { Supplies } from '../console/guest.ts';
import type { Rung } from '../events.ts';
import type { Given } from '../machine/prepare.ts';
import type { Cell } from '../matrix/cell.ts';
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
    case 'kernel':
      throw new Error('not there yet');
  }
}
