import { promisedTo } from '../../../scenarios/contracts/promised.ts';
import type { Shell } from '../../console/shells/shell.ts';
import { untilCursor } from '../../console/screen/screen-text.ts';
import { findWait } from '../../console/signs/waits.ts';
import { forgetHostKeys } from '../../console/shells/ssh.ts';
import { type Entry, openAccess } from '../access/access.ts';
import { agentChannel } from '../access/ways/guest-agent.ts';
import { waitingMenu } from '../access/waiting-menu.ts';
import { secondPort } from '../access/ways/second-console.ts';
import type { Boot } from '../boot.ts';
import { goingDownBudgetSeconds } from '../budgets.ts';
import { tellCommands } from '../keep/deeds.ts';
import { MachinePower } from '../power.ts';
import { reach, type Reach } from './reach.ts';
import type { Session } from './session.ts';
import { tellKernel } from './tell-kernel.ts';

/** A machine that has let us in. */
export interface Entered {
  entry: Entry;
  reach: Reach;
  power: MachinePower;
}

/**
 * Waits for a proven way in, and tells of it.
 * @throws GuestError or HostError when there is none.
 */
export async function enter(session: Session): Promise<Entered> {
  const { boot, cell, emit, progress } = session;
  const { phases, watch } = boot;
  const reached = await reach(session);
  const entry = await watch.guard(findWayIn(session, reached, boot));
  const { shell, typed, waited } = entry;
  watch.shellProven();
  phases.reached('shell', `a command ran as ${shell.user} by ${shell.access}`);
  progress.access = shell.access;
  if (typed !== undefined) {
    const text = `${cell.id}: no login prompt or shell answered on the serial port, so a shell was started there from the virtual screen, by keys: ${typed}`;
    emit({ type: 'notice', level: 'info', text });
  }
  emit({
    type: 'access',
    cell: cell.id,
    access: shell.access,
    seconds: phases.seconds.shell ?? 0,
    user: shell.user,
    ...(waited === undefined ? {} : { waited }),
  });
  const power = powerOf(session, reached, shell);
  // A person may be next at the console.
  session.teardown.add(async () => {
    if (!power.isOff) power.shell.leave?.();
  });
  return { entry, reach: reached, power };
}

/** The way in that a boot offers; where its kernel has to be told of serial first, that is done at its boot menu. */
async function findWayIn(session: Session, reached: Reach, boot: Boot): Promise<Entry> {
  const { cell, contract, machine, prepared, scratch, slowness, teardown } = session;
  const { ownKey, rung } = prepared;
  const { phases, transcript, watch } = boot;
  await tellKernel(session, reached, boot);
  const entry = await openAccess({
    ...reached,
    port: { transcript, write: (data) => machine.write(data) },
    rung,
    ...(ownKey === undefined ? {} : { ownKey }),
    ...secondPort(machine),
    ...agentChannel(machine),
    phases,
    systemRuns: () => watch.systemRuns,
    asksPerson: () => findWait(untilCursor(boot.screen)) !== null,
    contract,
    scratch,
    slowness,
    signal: watch.signal,
    teardown,
    arch: cell.arch,
    serialIsPromised: (promisedTo(cell, contract.autologin.serial) ?? null) !== null,
    onBootDone: (tried, mostSeconds) => watch.expectNothing(tried, mostSeconds),
  });
  return { ...entry, shell: tellCommands(entry.shell, session) };
}

/** The machine's power button, with the way back in after a reset. */
function powerOf(session: Session, reached: Reach, shell: Shell): MachinePower {
  const { boot, budgets, cell, machine, scratch, screens, signal, slowness, teardown } = session;
  return new MachinePower(machine, boot, {
    slowness,
    budgets,
    budgetSeconds: goingDownBudgetSeconds(slowness, budgets),
    menu: waitingMenu(session),
    interrupt: signal,
    teardown,
    shell,
    enter: async (again) => {
      // What is booted from a medium that nobody writes to has new host keys with each boot.
      if (cell.image.kind !== 'disk') await forgetHostKeys(scratch);
      return (await findWayIn(session, reached, again)).shell;
    },
    keepScreen: () => screens.takeLast(),
  });
}
