import { setTimeout as sleep } from 'node:timers/promises';
import { HostError } from '../../errors.ts';
import { NoWayIn } from '../access/no-way-in.ts';
import { keepRegisters } from '../keep/registers.ts';
import { type Conclusion, sumUp } from '../verdict.ts';
import { didNotGetOn } from '../watch/watch.ts';
import type { RunCheck } from './run-check.ts';
import type { Session } from './session.ts';

/** How long the end of QEMU may take to be known after that of its monitor. */
const endMilliseconds = 2000;

/** What the checks come to, with what was seen while the guest booted. */
export async function conclude(session: Session, checks: readonly RunCheck[]): Promise<Conclusion> {
  const { failures, watch } = session.boot;
  // What ended the machine is the cell's verdict, whatever the checks before it came to.
  watch.signal.throwIfAborted();
  // It was the same machine that answered by SSH from the first to the last.
  await session.machine.hostPort(22);
  const conclusion = sumUp(checks);
  const seen = failures.suspicions();
  if (conclusion.verdict !== 'failed' || seen.length === 0) return conclusion;
  return { ...conclusion, evidence: `seen while it booted: ${seen.join('; ')}` };
}

/** What ended an examination: this error or a better explanation. Of a machine that did not get on the registers are kept. */
export async function explainEnd({ artefacts, boot, machine }: Session, error: unknown): Promise<unknown> {
  // The monitor breaks off a moment before QEMU's own end is known, and the end is the better explanation.
  if (error instanceof HostError && error.code === 'qmp-lost') {
    await Promise.race([machine.exited, sleep(endMilliseconds, undefined, { ref: false })]);
    const { signal } = boot.watch;
    if (signal.aborted) return signal.reason;
  }
  if (didNotGetOn(error)) await keepRegisters(machine, artefacts).catch(() => {});
  if (error instanceof NoWayIn) {
    error.starvation = boot.watch.starvation;
    const seen = boot.failures.suspicions();
    if (seen.length > 0) error.message += `; seen before: ${seen.join('; ')}`;
  }
  return error;
}
