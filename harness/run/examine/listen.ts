import { GuestError } from '../../errors.ts';
import { untilIdle } from '../access/boot-done.ts';
import type { Sign } from '../access/no-way-in.ts';
import { lastLook } from '../keep/last-look.ts';
import { explainEnd } from './conclude.ts';
import { follow } from './follow.ts';
import { reach } from './reach.ts';
import type { Session, Subject } from './session.ts';
import { tellKernel } from './tell-kernel.ts';

/**
 * Follows a machine that was just switched on, for what its guest says: once its kernel runs nothing is typed into it, and
 * nothing is checked.
 * @returns the sign that its boot is done: that it has nothing to do any more, for what fails may do so after a login.
 * @throws GuestError with how it failed, `no-boot-menu` where its kernel could not be told to speak; HostError
 */
export async function listen(subject: Subject): Promise<Sign> {
  const session = follow(subject);
  const told = { isTold: false };
  try {
    return await session.boot.watch.guard(untilDone(session, told));
  } catch (error) {
    throw await explainEnd(session, told.isTold ? error : untold(error));
  } finally {
    const { screens } = session;
    await lastLook(Promise.all([screens.takeLast(), screens.finished()]), subject.signal);
  }
}

async function untilDone(session: Session, told: { isTold: boolean }): Promise<Sign> {
  const { boot, slowness } = session;
  const { phases, watch } = boot;
  const { demandSeconds, ssh } = await reach(session);
  await tellKernel(session, { demandSeconds, ssh }, boot);
  told.isTold = true;
  await untilIdle({ phases, demandSeconds, slowness, signal: watch.signal });
  return phases.isSystemOnSerial ? 'serial' : 'idle';
}

/** A boot that ended before its kernel could be told is as silent as the first. */
function untold(error: unknown): unknown {
  if (!(error instanceof GuestError) || !error.unexplained) return error;
  return new GuestError('no-boot-menu', `its boot menu was not reached: ${error.message}`);
}
