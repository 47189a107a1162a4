import { setTimeout as sleep } from 'node:timers/promises';
import { logInOnceReady } from '../ssh-login.ts';
import { type Attempt, foundOrBetter, type SshKey, type Way, type WayIn } from './way.ts';

/** How much longer a console may take where consoles were asked for: a key of our own takes part of a check away. */
const graceSeconds = 60;

/** SSH by a key that we put into the guest. It proves nothing of whom the image itself lets in. */
export const ownKey: Way<SshKey> = {
  needs: ({ ownKey }) => ownKey,
  isShutBy: "the server's refusal",

  async open(key, attempt) {
    const shell = await logInOnceReady(key, attempt.banner, attempt);
    return { shell, serialAutologin: null, byOwnKey: true };
  },

  orBetter: orConsole,
};

/** A way in by our own key, or a shell on one of the consoles. */
export function orConsole(found: WayIn, { opened, slowness, signal }: Attempt): Promise<WayIn> {
  const consoles = Promise.any([opened('serial'), opened('second-console')]);
  return foundOrBetter(found, consoles, sleep(graceSeconds * slowness * 1000, undefined, { signal }));
}
