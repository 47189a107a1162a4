import { dirname, join } from 'node:path';
import { neutralWord } from '../../../scenarios/screen/keys.ts';
import type { Qmp } from '../../console/keys/qmp-keyboard.ts';
import { PixelScreen } from '../../console/screen/pixel-screen.ts';
import { HostError } from '../../errors.ts';
import { openFastLane } from '../access/fast-lane.ts';
import { keepInventory } from '../keep/inventory.ts';
import { keepJournal } from '../keep/journal.ts';
import { knownOf } from '../known.ts';
import { mediumOf } from '../medium.ts';
import { checksOf } from './checks.ts';
import type { Entered } from './enter.ts';
import { type GuestBase, type RunCheck, runCheck } from './run-check.ts';
import type { Session } from './session.ts';

/** Runs every check of the contract that was asked for, one after the other; the first that fails has the guest's journal kept. */
export async function check(session: Session, entered: Entered): Promise<RunCheck[]> {
  const { artefacts, boot, cell, contract, emit, known, machine, own, teardown } = session;
  const { watch } = boot;
  const guest = guestOf(session, entered);
  const checks: RunCheck[] = [];
  let over: HostError | undefined;
  // Once, before the first check that takes the machine away; a guest that has ended tells nothing any more.
  let asked = false;
  const ask = async (): Promise<void> => {
    if (asked || watch.signal.aborted || entered.power.isOff) return;
    asked = true;
    await watch.guard(keepInventory(guest, machine, artefacts, emit)).catch(() => {});
  };
  const wanted = checksOf(contract, own).filter(
    ({ scenario }) => session.checks?.includes(scenario.name) ?? true,
  );
  for (const next of wanted) {
    if (next.scenario.needs.includes('power')) await ask();
    const one = await runCheck(next, guest, {
      contract,
      watch,
      emit,
      pid: machine.pid,
      over,
      known: knownOf(known, cell, next.scenario.name),
    });
    if (entered.power.isOff) over ??= switchedOff(next.scenario.name);
    // The first that fails: a later check may end the machine.
    if (one.result.verdict === 'failed' && checks.every(({ result }) => result.verdict !== 'failed')) {
      const kept = openFastLane({ ...guest, contract, teardown }).then((lane) =>
        keepJournal(lane, artefacts),
      );
      await watch.guard(kept).catch(() => {});
    }
    checks.push(one);
  }
  await ask();
  return checks;
}

const switchedOff = (check: string): HostError =>
  new HostError('switched-off', `the check ${check} switched the machine off before this one`, {
    hint: 'Let it leave the machine on, or switch it off in a check that no other comes after.',
  });

/** The guest as all its checks see it. */
function guestOf(session: Session, { entry, power, reach }: Entered): GuestBase {
  const { artefacts, boot, cell, claims, machine, prepared, scratch, slowness, starved } = session;
  const { byOwnKey, serialAutologin } = entry;
  const { keyboard, ssh } = reach;
  const medium = mediumOf(machine);
  const screen = new PixelScreen();
  const qmp: Qmp = (execute, args) => machine.qmp(execute, args);
  const pictureFile = join(dirname(machine.description.paths.pidFile), 'check.ppm');
  return {
    cell: cell.id,
    arch: cell.arch,
    format: cell.format,
    ...(cell.label === undefined ? {} : { label: cell.label }),
    scratch,
    slowness,
    signal: boot.watch.signal,
    get shell() {
      return power.shell;
    },
    ssh,
    nonce: neutralWord(12),
    boot: { phases: boot.phases.seconds, starved, serialAutologin },
    supplies: { ...prepared.supplies, ...(byOwnKey === true ? { byOwnKey } : {}) },
    keyboard,
    power,
    console: {
      text: (from) => power.console.text(from),
      waitFor: (pattern, options) => power.console.waitFor(pattern, options),
    },
    ...(medium === undefined ? {} : { medium }),
    readScreen: () => screen.look(qmp, pictureFile),
    screenshot: (name) => artefacts.screenshot(machine, name),
    claim: (what) => claims.claim(what, cell.id),
  };
}
