import type { Failure, FailureWatcher } from '../console/failures.ts';
import type { PhaseTracker } from '../console/phases.ts';
import { GuestError } from '../errors.ts';
import type { Phase } from '../events.ts';
import { qemuDied } from '../machine/death.ts';
import { diskError } from '../machine/disk-error.ts';
import type { Machine } from '../machine/machine.ts';
import { phaseBudgetSeconds } from './budgets.ts';
import { interrupted } from './interrupted.ts';

/** How long the text of a panic that QEMU told of may take through the emulated serial port. */
const panicTextMilliseconds = 3000;

/**
 * Watches one machine for what ends a cell early: QEMU gone, a guest that panicked, powered off or printed that it
 * gave up, a phase that outlived its budget. The first such thing wins.
 */
export class Watch {
  /** Aborted with the reason once something ended the cell; never before. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #phases: PhaseTracker;
  readonly #scale: number;
  readonly #release: () => void;
  #offPhase: () => void = () => {};
  #budget: NodeJS.Timeout | undefined;
  #panic: NodeJS.Timeout | undefined;

  /** @param scale multiplies the phases' budgets. @param interrupt ends the cell as interrupted when it aborts. */
  constructor(
    machine: Machine,
    phases: PhaseTracker,
    failures: FailureWatcher,
    scale: number,
    interrupt: AbortSignal,
  ) {
    this.signal = this.#controller.signal;
    this.#phases = phases;
    this.#scale = scale;
    machine.onQmpEvent(({ event, data }) => {
      if (event === 'GUEST_PANICKED') this.#awaitPanicText();
      if (event === 'SHUTDOWN' && data['guest'] === true && data['reason'] !== 'guest-reset') {
        this.fail(this.#guestError('guest-powered-off', 'the guest powered itself off'));
      }
      if (event === 'BLOCK_IO_ERROR') {
        this.fail(diskError(data));
      }
    });
    void machine.exited.then((exit) => this.fail(qemuDied(exit, 'while the guest was running')));
    failures.onFailure(({ code, phase, sentence, evidence }: Failure) => {
      phases.reached(phase, evidence);
      this.fail(new GuestError(code, sentence, { evidence }));
    });
    const onInterrupt = (): void => this.fail(interrupted());
    if (interrupt.aborted) onInterrupt();
    interrupt.addEventListener('abort', onInterrupt, { once: true });
    this.#release = () => interrupt.removeEventListener('abort', onInterrupt);
    this.#offPhase = phases.onPhase(() => this.#restartBudget());
    this.#restartBudget();
  }

  /** Ends the cell with this error, unless something else has. */
  fail(error: Error): void {
    this.stopBudget();
    if (!this.signal.aborted) this.#controller.abort(error);
  }

  /** A shell was proven: from here each check has its own limits. */
  stopBudget(): void {
    this.#offPhase();
    clearTimeout(this.#budget);
  }

  /** The cell has ended: whoever still waits for the guest waits in vain. */
  close(): void {
    this.stopBudget();
    clearTimeout(this.#panic);
    this.#release();
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

  /** The panic's own words are the better reason, and come by another way: they may be a moment behind the event. */
  #awaitPanicText(): void {
    this.#panic ??= setTimeout(
      () => this.fail(this.#guestError('guest-panicked', 'the guest reported a panic (pvpanic)')),
      panicTextMilliseconds,
    );
  }

  #restartBudget(): void {
    clearTimeout(this.#budget);
    const phase = this.#phases.current ?? 'firmware';
    const seconds = phaseBudgetSeconds(phase, this.#scale);
    this.#budget = setTimeout(() => this.fail(this.#stuck(phase, seconds)), seconds * 1000);
  }

  #stuck(phase: Phase, seconds: number): GuestError {
    const where = this.#phases.isOnSerial(phase)
      ? `stuck in phase ${phase}`
      : 'nothing was seen on serial after power-on';
    return new GuestError('boot-stuck', `${where}: no way in and no progress for ${Math.round(seconds)} s`);
  }

  #guestError(code: string, what: string): GuestError {
    return new GuestError(code, `${what} during ${this.#phases.current ?? 'firmware'}`);
  }
}
