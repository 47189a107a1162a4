import { watchPulse } from '../../machine/process/pulse.ts';
import { starvationMeter } from '../../machine/process/starvation.ts';
import { waitingMenu } from '../access/waiting-menu.ts';
import { followBoot } from '../boot.ts';
import { tellQmpEvents } from '../keep/deeds.ts';
import { Screens } from '../keep/screens.ts';
import { watchForFlood } from '../watch/flood.ts';
import { watchForOwnPxeClient } from '../watch/own-pxe-client.ts';
import type { Session, Subject } from './session.ts';

/** Follows a machine from power-on: its phases are told, its screen is kept, and what ends it early is noticed. */
export function follow(subject: Subject): Session {
  const { artefacts, cell, emit, machine, progress, signal, slowness, teardown } = subject;
  const screens = new Screens(machine, artefacts);
  const starvedSeconds = starvationMeter(machine.pid);
  const starved: Session['starved'] = {};
  const boot = followBoot(machine, {
    slowness,
    isAlone: subject.isAlone,
    budgets: subject.budgets,
    menu: waitingMenu(subject),
    interrupt: signal,
    onPhase: ({ phase, seconds, evidence }) => {
      progress.phase = phase;
      const cpuSeconds = machine.cpuSeconds();
      starved[phase] = starvedSeconds();
      const cost = cpuSeconds === null ? {} : { cpuSeconds, starvedSeconds: starved[phase] };
      emit({ type: 'phase', cell: cell.id, phase, seconds, ...cost, evidence });
      screens.takePhase(phase);
    },
  });
  const { phases, transcript, watch } = boot;
  teardown.add(async () => {
    progress.spoke = phases.isSystemOnSerial;
    watch.close();
  });
  const endOfQmpEvents = tellQmpEvents(machine, subject);
  teardown.add(async () => endOfQmpEvents());
  const endPulse = watchPulse(machine.pid, () => machine.qmp('query-status'), {
    slowness,
    onLost: (error) => {
      watch.fail(error);
      // Nobody gets an answer from it any more: those who wait for one are told by its end.
      void machine.stop();
    },
  });
  const { paths, pxe } = machine.description;
  const endFloodWatch = watchForFlood(paths.serialLog, transcript, watch);
  teardown.add(async () => {
    endPulse();
    endFloodWatch();
  });
  if (pxe?.source === 'option-rom') watchForOwnPxeClient(transcript, watch);
  return { ...subject, boot, starved, screens };
}
