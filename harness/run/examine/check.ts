import { scenarios } from '../../../scenarios/index.ts';
import { neutralWord } from '../../../scenarios/screen/keys.ts';
import { openFastLane } from '../access/fast-lane.ts';
import { keepJournal } from '../keep/journal.ts';
import type { Entered } from './enter.ts';
import { type GuestBase, type RunCheck, runCheck } from './run-check.ts';
import type { Session } from './session.ts';

/** Runs every check of the contract, one after the other; the first that fails has the guest's journal kept. */
export async function check(session: Session, entered: Entered): Promise<RunCheck[]> {
  const { artefacts, boot, contract, emit, machine, teardown } = session;
  const { watch } = boot;
  const guest = guestOf(session, entered);
  const checks: RunCheck[] = [];
  for (const scenario of scenarios) {
    const one = await runCheck(scenario, guest, { contract, watch, emit, pid: machine.pid });
    // The first that fails: a later check may end the machine.
    if (one.result.verdict === 'failed' && checks.every(({ result }) => result.verdict !== 'failed')) {
      const kept = openFastLane({ ...guest, contract, teardown }).then((lane) =>
        keepJournal(lane, artefacts),
      );
      await watch.guard(kept).catch(() => {});
    }
    checks.push(one);
  }
  return checks;
}

/** The guest as all its checks see it. */
function guestOf(session: Session, { entry, power, reach }: Entered): GuestBase {
  const { artefacts, boot, cell, claims, machine, prepared, scratch, slowness } = session;
  const { byOwnKey, serialAutologin, shell } = entry;
  const { keyboard, ssh } = reach;
  return {
    cell: cell.id,
    arch: cell.arch,
    format: cell.format,
    ...(cell.label === undefined ? {} : { label: cell.label }),
    scratch,
    slowness,
    signal: boot.watch.signal,
    shell,
    ssh,
    nonce: neutralWord(12),
    boot: { phases: boot.phases.seconds, serialAutologin },
    supplies: { ...prepared.supplies, ...(byOwnKey === true ? { byOwnKey } : {}) },
    keyboard,
    power,
    screenshot: (name) => artefacts.screenshot(machine, name),
    claim: (what) => claims.claim(what, cell.id),
  };
}
