import { lastLook } from '../keep/last-look.ts';
import type { Conclusion } from '../verdict.ts';
import { check } from './check.ts';
import { conclude, explainEnd } from './conclude.ts';
import { enter, type Entered } from './enter.ts';
import { follow } from './follow.ts';
import type { Subject } from './session.ts';

/**
 * Follows a machine that was just switched on to a proven way in, then runs every check of the contract.
 * @throws GuestError or HostError when no way in was found.
 */
export async function examine(subject: Subject): Promise<Conclusion> {
  const session = follow(subject);
  let entered: Entered | undefined;
  try {
    entered = await enter(session);
    const checks = await check(session, entered);
    return await conclude(session, checks);
  } catch (error) {
    throw await explainEnd(session, error);
  } finally {
    // A machine that is off shows nothing: what it showed before is kept.
    const last = entered?.power.isOff === true ? undefined : session.screens.takeLast();
    const log = subject.artefacts.keepScreenLog(session.boot.watch.screenLog).catch(() => {});
    await lastLook(Promise.all([last, session.screens.finished(), log]), subject.signal);
  }
}
