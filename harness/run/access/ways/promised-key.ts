import { logInOnceReady, promisedKey as keyOf } from '../ssh-login.ts';
import { orSerial } from './serial.ts';
import type { SshKey, Way } from './way.ts';

/** SSH by the key that the contract promises to be let in. It proves that promise. */
export const promisedKey: Way<SshKey> = {
  needs: ({ contract }) => keyOf(contract),
  isShutBy: "the server's refusal",

  async open(key, attempt) {
    return { shell: await logInOnceReady(key, attempt.banner, attempt), serialAutologin: null };
  },

  orBetter: orSerial,
};
