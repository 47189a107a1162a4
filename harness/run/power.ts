import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deed, GoneDown, Power } from '../console/power.ts';
import type { Transcript } from '../console/serial/transcript.ts';
import type { Shell } from '../console/shells/shell.ts';
import type { Machine, QmpEvent } from '../machine/machine.ts';
import { ownSeconds, starvationOf } from './watch/activity.ts';
import { type Boot, followBoot } from './boot.ts';
import type { OwnBudgets } from './budgets.ts';
import { hostTooBusy } from './watch/host-too-busy.ts';
import { startStopwatch } from './watch/stopwatch.ts';
import type { Teardown } from './teardown.ts';
import type { BootMenu } from './watch/watch.ts';

export interface MachinePowerOptions {
  /** Multiplies the phases' budgets of the boot that follows a reset. */
  slowness: number;
  /** What its phases may take in place of our budgets. @default ours */
  budgets?: OwnBudgets;
  /** Seconds that the machine may take to go down. */
  budgetSeconds: number;
  /** What is known of the boot menu of the boot that follows a reset. */
  menu?: BootMenu;
  interrupt: AbortSignal;
  teardown: Teardown;
  /** The way in that the first boot offered. */
  shell: Shell;
  /** Finds the way in that a boot offers. */
  enter: (boot: Boot) => Promise<Shell>;
  /** Keeps what is on the screen, which a machine that goes down takes away. */
  keepScreen: () => Promise<unknown>;
}

/** The power button and the resets of one machine, from the boot on that was followed to a shell. */
export class MachinePower implements Power {
  readonly #machine: Machine;
  readonly #options: MachinePowerOptions;
  /** The boot from power-on: by its watch the checks are ended. */
  readonly #first: Boot;
  #boot: Boot;
  #shell: Shell;
  #isOff = false;

  constructor(machine: Machine, boot: Boot, options: MachinePowerOptions) {
    this.#machine = machine;
    this.#first = boot;
    this.#boot = boot;
    this.#options = options;
    this.#shell = options.shell;
  }

  /** The way in of the boot that runs. */
  get shell(): Shell {
    return this.#shell;
  }

  /** What the boot that runs says on serial. */
  get console(): Transcript {
    return this.#boot.transcript;
  }

  /** Whether the guest has switched it off as it was asked to. */
  get isOff(): boolean {
    return this.#isOff;
  }

  pressButton(): Promise<GoneDown> {
    return this.afterAsking(() => this.#machine.qmp('system_powerdown'));
  }

  async afterAsking(ask: () => Promise<unknown>): Promise<GoneDown> {
    const { transcript, watch } = this.#boot;
    await this.#options.keepScreen();
    const asked = transcript.end;
    const spent = startStopwatch(this.#machine.pid);
    const done = Promise.withResolvers<Deed>();
    watch.goingDown();
    const off = this.#machine.onQmpEvent((event) => {
      const deed = deedOf(event);
      if (deed === null) return;
      // At once, so that nothing of what follows a reset is taken for the boot before.
      if (deed === 'reset') this.#nextBoot();
      this.#isOff = deed === 'off';
      off();
      done.resolve(deed);
    });
    const waiting = new AbortController();
    void this.#untilBudgetSpent(waiting.signal).then(() => done.resolve('nothing'));
    try {
      await watch.guard(ask());
      const deed = await watch.guard(done.promise);
      const starvation = deed === 'nothing' ? starvationOf(spent()) : null;
      if (starvation !== null)
        throw hostTooBusy('asked to go down, the machine was still running', starvation);
      return { deed, seconds: spent().seconds, console: transcript.text(asked) };
    } finally {
      waiting.abort();
      off();
    }
  }

  async comeBack(): Promise<{ shell: Shell; seconds: number }> {
    const { phases, watch } = this.#boot;
    const shell = await watch.guard(this.#options.enter(this.#boot));
    watch.shellProven();
    this.#shell = shell;
    // Whoever watches the machine watches this boot from now on.
    watch.signal.addEventListener('abort', () => this.#first.watch.fail(watch.signal.reason as Error));
    phases.reached('shell', `a command ran as ${shell.user} by ${shell.access}`);
    return { shell, seconds: phases.seconds.shell ?? 0 };
  }

  /** Resolves when the budget is used up, or the waiting over; time that the host took from the machine is not counted. */
  async #untilBudgetSpent(signal: AbortSignal): Promise<void> {
    const { budgetSeconds: budget } = this.#options;
    const spent = startStopwatch(this.#machine.pid);
    for (let left = budget; left > 0 && !signal.aborted;) {
      await sleep(left * 1000, undefined, { signal }).catch(() => {});
      left = budget - ownSeconds(spent());
    }
  }

  #nextBoot(): void {
    const { heard, endOfConsole } = this.#boot;
    endOfConsole();
    const { budgets = {}, slowness, interrupt, teardown, menu } = this.#options;
    // What QEMU has written by now was said before the reset.
    const before = statSync(this.#machine.description.paths.serialLog, { throwIfNoEntry: false })?.size ?? 0;
    const boot = followBoot(this.#machine, {
      slowness,
      budgets,
      interrupt,
      serial: { heard, before },
      ...(menu === undefined ? {} : { menu }),
    });
    teardown.add(async () => boot.watch.close());
    this.#boot = boot;
  }
}

/** What an event says of a machine that was asked to go down, see qapi/run-state.json. */
function deedOf({ event, data }: QmpEvent): Deed | null {
  if (event === 'SHUTDOWN') return data['guest'] === true && data['reason'] !== 'guest-reset' ? 'off' : null;
  if (event === 'RESET') return data['guest'] === true ? 'reset' : null;
  return event === 'SUSPEND' || event === 'SUSPEND_DISK' ? 'asleep' : null;
}
