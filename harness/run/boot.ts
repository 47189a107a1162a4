import { FailureWatcher } from '../console/signs/failures.ts';
import { type PhaseSeen, PhaseTracker } from '../console/signs/phases.ts';
import type { ScreenText } from '../console/screen/screen-text.ts';
import { Terminal } from '../console/serial/terminal.ts';
import { Transcript } from '../console/serial/transcript.ts';
import type { Machine } from '../machine/machine.ts';
import type { OwnBudgets } from './budgets.ts';
import { type BootMenu, Watch } from './watch/watch.ts';

export interface BootOptions {
  /** Multiplies the phases' budgets. */
  slowness: number;
  /** What phases may take in place of our budgets. @default ours */
  budgets?: OwnBudgets;
  /** No other machine of this run runs beside it. @default true */
  isAlone?: boolean;
  /** What is known of the image's boot menu, and how it is answered. */
  menu?: BootMenu;
  /** Ends the boot with its reason when it aborts: interrupted, or a defect of ours. */
  interrupt: AbortSignal;
  onPhase?: (seen: PhaseSeen) => void;
  /** Bytes of the serial port that were heard before, and that belong to the boots before. @default 0 of both */
  serial?: { heard: number; before: number };
}

/** One boot of a machine, from power-on or from a reset: what its console says, and what ends it early. */
export interface Boot {
  readonly transcript: Transcript;
  readonly phases: PhaseTracker;
  readonly failures: FailureWatcher;
  readonly watch: Watch;
  /** How many bytes of the serial port were heard since power-on. */
  readonly heard: number;
  /** What stands on the terminal at the serial port. */
  readonly screen: ScreenText;
  /** Hears no more of the serial port: what comes now is another boot's. */
  endOfConsole(): void;
}

/** Follows a machine that was just switched on, or just reset. */
export function followBoot(machine: Machine, options: BootOptions): Boot {
  const { slowness, isAlone = true, interrupt, onPhase } = options;
  const transcript = new Transcript();
  const phases = new PhaseTracker();
  const failures = new FailureWatcher(phases);
  if (onPhase !== undefined) phases.onPhase(onPhase);
  // A machine that runs is in its firmware, whether that speaks on serial or, as SeaBIOS, on the screen alone.
  phases.reached('firmware', 'power-on');
  phases.watch(transcript);
  failures.watch(transcript);
  const terminal = new Terminal((answer) => machine.write(answer));
  const watch = new Watch(machine, {
    transcript,
    terminal: () => terminal.screen,
    phases,
    failures,
    scale: slowness,
    budgets: options.budgets ?? {},
    isAlone,
    ...options.menu,
    interrupt,
  });
  const { before } = options.serial ?? { before: 0 };
  let heard = options.serial?.heard ?? 0;
  const endOfConsole = machine.onSerial((bytes) => {
    const fresh = bytes.subarray(Math.max(0, before - heard));
    heard += bytes.length;
    if (fresh.length === 0) return;
    terminal.write(fresh);
    transcript.append(fresh);
  });
  return {
    transcript,
    phases,
    failures,
    watch,
    get heard() {
      return heard;
    },
    get screen() {
      return terminal.screen;
    },
    endOfConsole,
  };
}
