import type { Failure, FailureWatcher } from '../../console/signs/failures.ts';
import type { PhaseTracker } from '../../console/signs/phases.ts';
import { isEarly } from '../../console/signs/recognise.ts';
import { type ScreenText, untilCursor } from '../../console/screen/screen-text.ts';
import { ScreenLog } from '../../console/screen/screen-log.ts';
import { Scroll } from '../../console/screen/scroll.ts';
import type { Transcript } from '../../console/serial/transcript.ts';
import { BootMatrixError, GuestError, HostError } from '../../errors.ts';
import type { Phase } from '../../events.ts';
import { qemuDied } from '../../machine/process/death.ts';
import type { Machine, QmpEvent } from '../../machine/machine.ts';
import { Activity, type Deeds, ownSeconds } from './activity.ts';
import { type OwnBudgets, phaseBudgetSeconds, stillBudgetSeconds } from '../budgets.ts';
import { hostTooBusy, tooBusy } from './host-too-busy.ts';
import { PhaseBudget } from './phase-budget.ts';
import { goesDown, readQmpEvent, stoppedError } from './qmp-evidence.ts';
import { Reboots } from './reboots.ts';
import { ConsoleGrace } from './console-grace.ts';
import { Vitals } from './vitals.ts';
import { type Stop, Waiting } from './waiting.ts';

/**
 * How often the machine is looked at while nobody knows whether its boot gets done: soon at first, when firmware gives up;
 * more often where its screen alone speaks, and still more where lines were missed on it, or where it has reset itself: it
 * will do so again, and what it says before that may stand there for one second.
 */
const firstLookMilliseconds = 250;
const lookMilliseconds = { serial: 2000, screen: 1000, restless: 400 };
/** Code of a boot that used up its time. */
const stuck = 'boot-stuck';
/** Code of a guest that cannot go on by itself. */
const halted = 'guest-halted';

/** Codes of ends that QEMU tells of, or that show outside of the guest only: why it came so, its own words alone can say. */
const wordless: ReadonlySet<string> = new Set([
  stuck,
  halted,
  'reboot-loop',
  'guest-panicked',
  'guest-powered-off',
  'watchdog',
]);

/** Whether a boot was given up since nothing came of it any more, and not for what it said. */
export const didNotGetOn = (error: unknown): boolean =>
  error instanceof BootMatrixError && [stuck, halted, tooBusy].includes(error.code);

/** What is known of an image's boot menu. */
export interface BootMenu {
  /** Seconds after which it goes on by itself, where its configuration tells. @default it is not known */
  menuTimeout?: () => Promise<number | undefined>;
  /**
   * Answers it as a person would, where the image is let have one that waits; `name` is the bootloader's, null where that is
   * not known. @default it ends the cell
   */
  answerMenu?: (name: string | null) => Promise<void>;
}

interface Watched extends BootMenu {
  transcript: Transcript;
  /** What stands on the terminal at the serial port. */
  terminal: () => ScreenText;
  /** Follows the transcript, and is told of each line before `failures`. */
  phases: PhaseTracker;
  failures: FailureWatcher;
  /** Multiplies the phases' budgets. */
  scale: number;
  /** What phases may take in place of that. */
  budgets: OwnBudgets;
  /** No other machine of this run runs beside it. */
  isAlone: boolean;
  /** Ends the cell with its reason when it aborts: interrupted, or a defect of ours. */
  interrupt: AbortSignal;
}

/**
 * Watches one machine for what ends a cell early: QEMU gone, a guest that panicked, powered off, resets itself again and
 * again or printed that it gave up, a phase that outlived its budget. The first such thing wins.
 */
export class Watch {
  /** Aborted with the reason once something ended the cell; never before. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #machine: Machine;
  readonly #phases: PhaseTracker;
  readonly #failures: FailureWatcher;
  readonly #scale: number;
  readonly #budgets: OwnBudgets;
  readonly #isAlone: boolean;
  readonly #activity = new Activity();
  readonly #terminal: () => ScreenText;
  readonly #waiting: Waiting;
  #answerMenu: BootMenu['answerMenu'];
  #menuTimeout: BootMenu['menuTimeout'];
  readonly #reboots = new Reboots();
  readonly #vitals: Vitals;
  readonly #scroll = new Scroll();
  readonly #screenLog = new ScreenLog();
  readonly #grace: ConsoleGrace;
  readonly #stops: (() => void)[];
  #budget: PhaseBudget;
  #looks: NodeJS.Timeout | undefined;
  #pause = firstLookMilliseconds;
  #shellProven = false;
  #isGoingDown = false;
  #wasReset = false;
  #hasMissed = false;
  #nothingUntil = 0;

  constructor(machine: Machine, watched: Watched) {
    const { transcript, phases, failures, scale, isAlone, interrupt } = watched;
    this.signal = this.#controller.signal;
    this.#machine = machine;
    this.#phases = phases;
    this.#failures = failures;
    this.#scale = scale;
    this.#budgets = watched.budgets;
    this.#isAlone = isAlone;
    this.#terminal = watched.terminal;
    this.#answerMenu = watched.answerMenu;
    this.#menuTimeout = watched.menuTimeout;
    this.#waiting = new Waiting(scale);
    this.#vitals = new Vitals(machine, transcript, (rows) => this.#readScreen(rows));
    this.#grace = new ConsoleGrace(transcript);
    this.#budget = this.#newBudget();

    void machine.exited.then((exit) => this.fail(qemuDied(exit, 'while the guest was running')));
    const onInterrupt = (): void => this.fail(interrupt.reason as Error);
    if (interrupt.aborted) onInterrupt();
    interrupt.addEventListener('abort', onInterrupt, { once: true });
    this.#stops = [
      machine.onQmpEvent((event) => this.#readEvent(event)),
      failures.onFailure((failure) => this.#onFailure(failure)),
      phases.onStep(() => {
        this.#budget = this.#newBudget();
      }),
      phases.onReboot((reached) => this.#onReboot(reached)),
      () => interrupt.removeEventListener('abort', onInterrupt),
    ];
    this.#lookLater();
  }

  /** Ends the cell with this error, unless something else has. */
  fail(error: Error): void {
    this.#stopLooking();
    if (!this.signal.aborted) this.#controller.abort(error);
  }

  /** A shell was proven: from here each check has its own limits, and the console's texts alone prove nothing. */
  shellProven(): void {
    this.#shellProven = true;
    this.#stopLooking();
    this.#failures.shellProven();
  }

  /** The boot is done, and ways in are tried that have limits of their own: it need not get on until they are through. */
  expectNothing(tried: Promise<unknown>, mostSeconds: number): void {
    this.#nothingUntil = performance.now() + mostSeconds * 1000;
    const isOver = (): void => {
      this.#nothingUntil = 0;
    };
    tried.then(isOver, isOver);
  }

  /** What was read off the screen, in order; empty where the guest spoke on serial. */
  get screenLog(): string {
    return this.#screenLog.text;
  }

  /** The guest was asked to go down: from here on its reset, and its end, are no defects. */
  goingDown(): void {
    this.#isGoingDown = true;
  }

  /** The cell has ended: whoever still waits for the guest waits in vain. */
  close(): void {
    this.#stopLooking();
    this.#grace.close();
    for (const stop of this.#stops) stop();
    if (!this.signal.aborted) this.#controller.abort(new Error('the cell has ended'));
  }

  /** Resolves like `work`; rejects with the reason as soon as something ends the cell. */
  async guard<T>(work: Promise<T>): Promise<T> {
    const ended = Promise.withResolvers<never>();
    const onAbort = (): void => ended.reject(this.signal.reason as Error);
    if (this.signal.aborted) onAbort();
    this.signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([work, ended.promise]);
    } finally {
      this.signal.removeEventListener('abort', onAbort);
      // The loser may reject later, when nobody waits for it any more.
      work.catch(() => {});
      ended.promise.catch(() => {});
    }
  }

  get #phase(): Phase {
    return this.#phases.here ?? 'firmware';
  }

  #onFailure({ code, phase, sentence, evidence, byClock, hostHint }: Failure): void {
    this.#phases.reached(phase, evidence);
    const error = new GuestError(code, sentence, { evidence });
    if (hostHint !== undefined) this.fail(new HostError(code, sentence, { hint: hostHint, transient: true }));
    else this.fail(byClock ? this.#blame(error) : error);
  }

  #readEvent(event: QmpEvent): void {
    const evidence = readQmpEvent(event);
    if (this.#isGoingDown && goesDown(evidence)) return;
    if (evidence.kind === 'end') this.fail(evidence.error);
    if (evidence.kind === 'reset') this.#phases.rebooted();
    if (evidence.kind === 'stopped') void this.#askWhyStopped();
    if (evidence.kind === 'guest-end') {
      const { code, what } = evidence;
      this.#grace.whenSilent(() => this.#failGuest(code, `${what} in phase ${this.#phase}`));
    }
  }

  async #askWhyStopped(): Promise<void> {
    const answer = await this.#machine.qmp('query-status').catch(() => ({}));
    const error = stoppedError(String((answer as { status?: unknown }).status));
    if (error !== null) this.fail(error);
  }

  #onReboot(reached: Phase): void {
    this.#wasReset = true;
    this.#nothingUntil = 0;
    this.#waiting.reset();
    this.#vitals.rebooted();
    const loops = this.#reboots.add(reached);
    if (this.#shellProven) {
      this.#failGuest('guest-reset', 'the machine reset itself while it was checked');
    } else if (loops) {
      const { count } = this.#reboots;
      this.#failGuest('reboot-loop', `the machine resets itself in phase ${reached} (${count} times)`);
    } else this.#failures.rebooted();
  }

  #readScreen(rows: readonly string[]): void {
    const fresh = this.#scroll.follow(rows);
    this.#screenLog.add(fresh);
    this.#hasMissed = fresh.mayHaveMissed;
    for (const row of fresh.rows) this.#phases.readScreen(row);
    this.#failures.readScreen(rows, fresh);
  }

  #newBudget(): PhaseBudget {
    const isSeen = this.#phases.isOnSerial(this.#phase);
    return new PhaseBudget(phaseBudgetSeconds(this.#phase, this.#scale, isSeen, this.#budgets));
  }

  #lookLater(): void {
    if (this.signal.aborted || this.#shellProven) return;
    this.#looks = setTimeout(() => {
      void this.#look().then(() => this.#lookLater());
    }, this.#pause);
    const isRestless = this.#wasReset || this.#hasMissed;
    const pace = this.#readsScreen ? (isRestless ? 'restless' : 'screen') : 'serial';
    this.#pause = Math.min(lookMilliseconds[pace], 2 * this.#pause);
  }

  /** The guest may speak on the screen alone. */
  get #readsScreen(): boolean {
    return isEarly(this.#phase) || !this.#phases.isOnSerial('kernel');
  }

  async #look(): Promise<void> {
    const readsScreen = this.#readsScreen;
    this.#hasMissed = false;
    const deeds = await this.#vitals.look(readsScreen);
    if (this.#shellProven || this.signal.aborted) return;
    this.#activity.add(deeds);
    const { dead, still } = this.#activity;
    if (dead) return this.#failGuest(halted, `${this.#where}: its processor is halted for good`);
    if (performance.now() < this.#nothingUntil) {
      this.#activity.still = 0;
      this.#budget = this.#newBudget();
      return;
    }
    const stop = this.#findStop(deeds, readsScreen);
    if (stop !== null && !(await this.#mayGoOn(stop))) return this.#onStop(stop);
    const usedUp = this.#budget.spend(ownSeconds(deeds), still);
    if (!usedUp && still < stillBudgetSeconds(this.#scale, this.#phase, this.#budgets)) return;
    this.#failGuest(
      stuck,
      `${this.#where}: no way in and no progress for ${Math.round(still)} s; ${this.#activity.describe()}${this.#vitals.isBlank ? ', screen blank' : ''}`,
    );
  }

  /** Whether something waits for a person; never where somebody answers it, or where ways in are there. */
  #findStop(deeds: Deeds, readsScreen: boolean): Stop | null {
    const { pxe, kernel, uefi } = this.#machine.description;
    // UEFI firmware tells when it starts a loader, BIOS does not.
    const isPastFirmware = uefi === undefined || this.#phase !== 'firmware';
    if (this.#failures.isAnswered || this.#phases.here === 'login') {
      this.#waiting.reset();
      return null;
    }
    const isEarlyStill = isEarly(this.#phase);
    return this.#waiting.add({
      deeds,
      terminal: untilCursor(this.#terminal()),
      screen: readsScreen ? this.#vitals.rows : null,
      isSilent: isEarlyStill,
      kernelRan: isEarlyStill ? this.#vitals.kernelRan : true,
      hasLoader: pxe === undefined && kernel === undefined && isPastFirmware,
      diskAccesses: this.#vitals.diskAccesses,
    });
  }

  /** Whether it is a menu that counts down without showing it, by its configuration, which is read once. */
  async #mayGoOn(stop: Stop): Promise<boolean> {
    if (stop.code !== 'boot-menu-waits' || this.#menuTimeout === undefined) return false;
    const seconds = await this.#menuTimeout().catch(() => {});
    this.#menuTimeout = undefined;
    if (seconds === undefined) return false;
    this.#waiting.expectMenu(seconds);
    return true;
  }

  #onStop(stop: Stop): void {
    if (stop.code === 'boot-menu-waits') this.#phases.reached('bootloader', stop.clause);
    if (stop.code === 'boot-menu-waits' && this.#answerMenu !== undefined) {
      const answer = this.#answerMenu;
      // Once: a menu that is there again after it was answered is not what the image is let have.
      this.#answerMenu = undefined;
      this.#waiting.reset();
      answer(stop.name).catch((error: Error) => this.fail(error));
      return;
    }
    const clause = stop.code === 'waits-for-a-person' ? stop.wait.clause : stop.clause;
    const where = stop.code === 'waits-for-a-person' ? `stuck in phase ${this.#phase}: ` : '';
    this.#failGuest(stop.code, `${where}${clause}`);
  }

  /** Whether a system was seen to run: before that, keys that are typed go to a bootloader. */
  get systemRuns(): boolean {
    return !isEarly(this.#phase) || this.#vitals.kernelRan !== false;
  }

  get #where(): string {
    return this.#phases.isSilent && this.#vitals.text === ''
      ? 'nothing was seen on serial after power-on'
      : `stuck in phase ${this.#phase}`;
  }

  #failGuest(code: string, reason: string): void {
    const suspicions = this.#failures.suspicions();
    const seen = suspicions.length === 0 ? '' : `; seen before: ${suspicions.join('; ')}`;
    const { tail } = this.#failures;
    const { text } = this.#vitals;
    // Of a system that is silent on serial only its firmware is heard there.
    const evidence = this.#phases.isSystemOnSerial ? tail || text : text || tail;
    const unexplained = wordless.has(code) && seen === '';
    const error = new GuestError(code, `${reason}${seen}`, { evidence, unexplained });
    this.fail(code === stuck ? this.#blame(error) : error);
  }

  /** A guest that ran out of time had no chance where the host kept its processor from running. */
  #blame(error: GuestError): GuestError | HostError {
    const { starvation } = this;
    return starvation === null ? error : hostTooBusy(error.message, starvation);
  }

  /**
   * Where its host kept the guest from running in this boot: how much, for a person; else null. One that shares the host
   * with machines of ours gets the benefit of the doubt, since it can be tried without them.
   */
  get starvation(): string | null {
    return this.#activity.starvation ?? (this.#isAlone ? null : this.#activity.crowding);
  }

  #stopLooking(): void {
    clearTimeout(this.#looks);
    this.#vitals.close();
  }
}
