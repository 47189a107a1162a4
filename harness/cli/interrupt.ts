import { interrupted } from '../run/interrupted.ts';
import { exitCodes } from './exit-code.ts';
import { describeFailure } from './failure.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** `timeout` and package managers hand on what the terminal sent already: a signal that comes twice at once is one. */
const echoMilliseconds = 500;
const crashes = ['uncaughtException', 'unhandledRejection'] as const;

type Say = (text: string, level: 'warning' | 'error') => void;

/**
 * Turns SIGINT, SIGTERM, SIGHUP and a defect of ours that nobody caught into an abort: the first ends in order, with
 * reports; the second at once. What a hard end leaves behind is the guardian's to clean.
 */
export class Interrupt {
  /** Where the person is told that the end has begun. */
  say: Say;
  /** The defect that began the end, if it was one. */
  crash: Error | undefined;
  readonly #controller = new AbortController();
  #signalledAt = -Infinity;

  constructor(say: Say) {
    this.say = say;
    for (const signal of signals) process.on(signal, this.#handle);
    for (const crash of crashes) process.on(crash, this.#crashed);
  }

  /** Aborts at the first signal or crash. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Gives the signals back. */
  release(): void {
    for (const signal of signals) process.off(signal, this.#handle);
    for (const crash of crashes) process.off(crash, this.#crashed);
  }

  readonly #handle = (signal: NodeJS.Signals): void => {
    if (performance.now() - this.#signalledAt < echoMilliseconds) return;
    // oxlint-disable-next-line unicorn/no-process-exit -- the second signal means: now.
    if (this.signal.aborted) process.exit(exitCodes.interrupted);
    this.#signalledAt = performance.now();
    const text = `${signal}: stopping the machines and writing the reports; once more to stop at once`;
    this.say(text, 'warning');
    this.#controller.abort(interrupted());
  };

  readonly #crashed = (thrown: unknown): void => {
    // oxlint-disable-next-line unicorn/no-process-exit -- whatever is to end in order can be trusted no more.
    if (this.crash !== undefined) process.exit(exitCodes.host);
    this.crash = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.say(
      `${describeFailure(this.crash).text}\nThe machines are stopped and the reports written.`,
      'error',
    );
    this.#controller.abort(this.crash);
  };
}
