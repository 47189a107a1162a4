import { setTimeout as sleep } from 'node:timers/promises';
import { scenarios } from '../../scenarios/index.ts';
import { type Qmp, QmpKeyboard } from '../console/keys/qmp-keyboard.ts';
import { forgetHostKeys } from '../console/shells/ssh.ts';
import { HostError } from '../errors.ts';
import type { Access, Emit, Phase } from '../events.ts';
import { lightsOf } from '../machine/sockets/lights.ts';
import type { Machine } from '../machine/machine.ts';
import { watchPulse } from '../machine/process/pulse.ts';
import { starvationMeter } from '../machine/process/starvation.ts';
import type { Cell } from '../matrix/cell.ts';
import type { Contract } from '../../scenarios/contracts/contract.ts';
import { promisedTo } from '../../scenarios/contracts/promised.ts';
import { neutralWord } from '../../scenarios/screen/keys.ts';
import { type Entry, openAccess } from './access/access.ts';
import type { CellArtefacts } from './keep/artefacts.ts';
import { type Boot, followBoot } from './boot.ts';
import { goingDownBudgetSeconds } from './budgets.ts';
import type { Claims } from './claims.ts';
import { type GuestBase, type RunCheck, runCheck } from './checks.ts';
import { openFastLane } from './access/fast-lane.ts';
import { watchForFlood } from './watch/flood.ts';
import { agentChannel } from './access/ways/guest-agent.ts';
import { keepJournal } from './keep/journal.ts';
import { watchForOwnPxeClient } from './watch/own-pxe-client.ts';
import { PhasePictures } from './keep/pictures.ts';
import { passBootMenu } from './access/pass-boot-menu.ts';
import { MachinePower } from './power.ts';
import { keepRegisters } from './keep/registers.ts';
import type { PreparedRung } from './access/rung.ts';
import { secondPort } from './access/ways/second-console.ts';
import type { Teardown } from './teardown.ts';
import { vsockServer } from './access/ways/vsock.ts';
import { type Conclusion, conclude } from './verdict.ts';
import { didNotGetOn } from './watch/watch.ts';

/** How long the end of QEMU may take to be known after that of its monitor. */
const endMilliseconds = 2000;

export interface ExamineContext {
  contract: Contract;
  claims: Claims;
  slowness: number;
  scratch: string;
  artefacts: CellArtefacts;
  /** How the machine was booted. */
  prepared: PreparedRung;
  /** Takes what the examination leaves open; run before the machine is stopped. */
  teardown: Teardown;
  emit: Emit;
  signal: AbortSignal;
}

/** How far it came; kept up to date, so that it is known also where the examination ends by an error. */
export interface Examination {
  phase: Phase | null;
  access: Access | null;
}

/**
 * Follows a machine that was just switched on to a proven way in, then runs every check of the contract.
 * @throws GuestError or HostError when no way in was found.
 */
export async function examine(
  cell: Cell,
  machine: Machine,
  context: ExamineContext,
  state: Examination,
): Promise<Conclusion> {
  const { claims, contract, artefacts, emit, prepared, scratch, slowness, teardown } = context;
  const { rung, ownKey, menu } = prepared;
  const qmp: Qmp = (execute, args) => machine.qmp(execute, args);
  const pictures = new PhasePictures(qmp, artefacts);
  const boot = followBoot(machine, {
    slowness,
    interrupt: context.signal,
    onPhase: ({ phase, seconds, evidence }) => {
      state.phase = phase;
      emit({ type: 'phase', cell: cell.id, phase, seconds, evidence });
      pictures.take(phase);
    },
  });
  const { transcript, phases, failures, watch } = boot;
  teardown.add(async () => watch.close());
  const endPulse = watchPulse(machine.pid, () => machine.qmp('query-status'), {
    slowness,
    onLost: (error) => {
      watch.fail(error);
      // Nobody gets an answer from it any more: those who wait for one are told by its end.
      void machine.stop();
    },
  });
  const endFloodWatch = watchForFlood(machine.description.paths.serialLog, transcript, watch);
  teardown.add(async () => {
    endPulse();
    endFloodWatch();
  });
  if (machine.description.pxe?.source === 'option-rom') watchForOwnPxeClient(transcript, watch);

  // The picture of how it ended. A QEMU that is gone has none to give, and its end is told elsewhere.
  const takeLastPicture = (): Promise<unknown> => artefacts.screenshot(machine, 'screen').catch(() => {});
  // What nobody has typed into, e.g. an installer's own words.
  let untouched: Promise<unknown> = Promise.resolve();
  const takeUntouched = (): void => {
    untouched = artefacts.screenshot(machine, 'screen-untouched').catch(() => {});
  };
  let power: MachinePower | undefined;

  try {
    const ssh = { host: '127.0.0.1', port: await machine.hostPort(22) };
    const { signal } = watch;
    const vsock = await vsockServer(machine, teardown);
    const keyboard = new QmpKeyboard(beforeFirst(takeUntouched, qmp), {
      slowness,
      lights: lightsOf(machine),
    });
    const { arch } = cell;
    const starved = starvationMeter(machine.pid);
    const demandSeconds = (): number | null => {
      const cpu = machine.cpuSeconds();
      return cpu === null ? null : cpu + starved();
    };
    const enter = async (boot: Boot): Promise<Entry> => {
      const { transcript, phases, watch } = boot;
      if (menu !== undefined) {
        const name = await passBootMenu(machine, boot, { request: menu, ssh, demandSeconds, slowness });
        const text = `${cell.id}: at the menu of ${name} \`${menu.words.trim()}\` was added to the kernel's command line, by keys`;
        emit({ type: 'notice', level: 'info', text });
      }
      return openAccess({
        port: { transcript, write: (data) => machine.write(data) },
        rung,
        ...(ownKey === undefined ? {} : { ownKey }),
        ...secondPort(machine),
        ...agentChannel(machine),
        ...vsock,
        phases,
        contract,
        ssh,
        scratch,
        slowness,
        signal: watch.signal,
        teardown,
        arch,
        keyboard,
        demandSeconds,
        serialIsPromised: (promisedTo(cell, contract.autologin.serial) ?? null) !== null,
        onBootDone: (tried, mostSeconds) => watch.expectNothing(tried, mostSeconds),
      });
    };
    const { shell, serialAutologin, typed, byOwnKey, waited } = await watch.guard(enter(boot));
    watch.shellProven();
    phases.reached('shell', `a command ran as ${shell.user} by ${shell.access}`);
    state.access = shell.access;
    if (typed !== undefined) {
      const text = `${cell.id}: nobody answers on serial, so a shell was started there from the virtual screen, by keys: ${typed}`;
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

    power = new MachinePower(machine, boot, {
      slowness,
      budgetSeconds: goingDownBudgetSeconds(slowness),
      interrupt: context.signal,
      teardown,
      enter: async (again) => {
        // What is booted from a medium that nobody writes to has new host keys with each boot.
        if (cell.image.kind !== 'disk') await forgetHostKeys(scratch);
        return (await enter(again)).shell;
      },
      keepScreen: takeLastPicture,
    });
    const guest: GuestBase = {
      cell: cell.id,
      arch,
      format: cell.format,
      ...(cell.label === undefined ? {} : { label: cell.label }),
      scratch,
      slowness,
      signal,
      shell,
      ssh,
      nonce: neutralWord(12),
      boot: { phases: phases.seconds, serialAutologin },
      supplies: { ...prepared.supplies, ...(byOwnKey === true ? { byOwnKey } : {}) },
      keyboard,
      power,
      screenshot: (name) => artefacts.screenshot(machine, name),
      claim: (what) => claims.claim(what, cell.id),
    };
    const checks: RunCheck[] = [];
    for (const scenario of scenarios) {
      const check = await runCheck(scenario, guest, { contract, watch, emit, pid: machine.pid });
      // The first that fails: a later check may end the machine.
      if (check.result.verdict === 'failed' && checks.every(({ result }) => result.verdict !== 'failed')) {
        const kept = openFastLane({ ...guest, contract, teardown }).then((lane) =>
          keepJournal(lane, artefacts),
        );
        await watch.guard(kept).catch(() => {});
      }
      checks.push(check);
    }
    // What ended the machine is the cell's verdict, whatever the checks before it came to.
    signal.throwIfAborted();
    // It was the same machine that answered by SSH from the first to the last.
    await machine.hostPort(22);
    const conclusion = conclude(checks);
    const seen = failures.suspicions();
    if (conclusion.verdict !== 'failed' || seen.length === 0) return conclusion;
    return { ...conclusion, evidence: `seen while it booted: ${seen.join('; ')}` };
  } catch (error) {
    // The monitor breaks off a moment before QEMU's own end is known, and the end is the better explanation.
    if (error instanceof HostError && error.code === 'qmp-lost') {
      await Promise.race([machine.exited, sleep(endMilliseconds, undefined, { ref: false })]);
      watch.signal.throwIfAborted();
    }
    if (didNotGetOn(error)) await keepRegisters(machine, artefacts).catch(() => {});
    throw error;
  } finally {
    // A machine that is off shows nothing: what it showed before is kept.
    if (power?.isOff !== true) await takeLastPicture();
    await Promise.all([untouched, pictures.finished()]);
  }
}

/** The same monitor; before its first command something is done that nobody waits for: commands keep their order. */
function beforeFirst(first: () => void, qmp: Qmp): Qmp {
  let isFirst = true;
  return (execute, args) => {
    if (isFirst) first();
    isFirst = false;
    return qmp(execute, args);
  };
}
