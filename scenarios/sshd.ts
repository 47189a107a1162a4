import type { Guest } from '../harness/console/guest.ts';
import { HostError } from '../harness/errors.ts';
import type { Contract } from './contracts/contract.ts';
import { findAuthorizedKey } from './ssh/authorized-key.ts';
import { checkHostKeys } from './ssh/host-keys.ts';
import { waitForServer } from './ssh/listen.ts';
import { checkKeyLogin, checkRefusals } from './ssh/logins.ts';
import { checkSettings } from './ssh/settings.ts';
import { withThrowawayKey } from './ssh/throwaway-key.ts';
import { conclude, scenario } from './scenario.ts';
import type { Outcome } from './scenario.ts';

type Sshd = NonNullable<Contract['sshd']>;

const untried =
  'everything else held, but the login by key was not tried: the contract has no private key, and the guest lets no other be added';

const byOwnKey =
  'everything else held, but the way in was a key that the machine gave to systemd (ssh.authorized_keys), so no login proves the image';

async function check(guest: Guest, sshd: Sshd): Promise<Outcome> {
  const server = await waitForServer(guest);
  if ('problem' in server) return conclude([server.problem]);

  const { settings, problem } = await checkSettings(guest, sshd);
  const key =
    sshd.authorizedKey === undefined
      ? null
      : await findAuthorizedKey(guest, settings.authorizedKeysFiles, sshd.authorizedKey);
  const problems = [
    problem,
    ...(await checkHostKeys(guest)),
    key !== null && 'problem' in key ? key.problem : null,
  ];

  let tried = true;
  if (sshd.privateKey !== undefined) {
    problems.push(await checkKeyLogin(guest, sshd.user, sshd.privateKey, 'the promised'));
  } else if (key !== null && 'file' in key) {
    const result = await withThrowawayKey(guest, key.file, async (privateKey) => ({
      problem: await checkKeyLogin(guest, sshd.user, privateKey, 'a throw-away'),
    }));
    tried = result !== null;
    problems.push(result?.problem ?? null);
  }
  // Tried last, since each failure counts against us in newer servers, and told first: it is the worst that can be.
  const refusals = checkRefusals(guest, sshd.user, settings.values).catch((error: unknown) => {
    // What is known to be broken outweighs what could not be tried.
    if (error instanceof HostError && problems.some((problem) => problem !== null)) return [];
    throw error;
  });
  const outcome = conclude([...(await refusals), ...problems]);
  if (outcome.verdict === 'passed' && guest.supplies?.byOwnKey === true)
    return { verdict: 'skipped', reason: byOwnKey };
  return outcome.verdict === 'passed' && !tried ? { verdict: 'skipped', reason: untried } : outcome;
}

/** SSH from outside: who is let in, who is not, and that it is this guest that answers. */
export const sshd = scenario('sshd', { contract: 'sshd', needs: ['network'] }, ({ guest, contract }) =>
  check(guest, contract.sshd),
);
