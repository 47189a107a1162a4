import { guestAgent } from './guest-agent.ts';
import { keys } from './keys.ts';
import { ownKey } from './own-key.ts';
import { promisedKey } from './promised-key.ts';
import { secondConsole } from './second-console.ts';
import { serial } from './serial.ts';
import { vsock } from './vsock.ts';
import type { Way, WayName } from './way.ts';

/** Every way into a guest. They are tried side by side; serial comes first, since what it says of a guest says most. */
export const ways: Readonly<Record<WayName, Way<unknown>>> = {
  serial,
  'second-console': secondConsole,
  ssh: promisedKey,
  'guest-agent': guestAgent,
  'own-key': ownKey,
  vsock,
  keys,
};

export const wayNames = Object.keys(ways) as WayName[];
