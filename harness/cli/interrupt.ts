import { exitCodes } from './exit-code.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort: the first ends in order, with reports; the second at once.
 * What a hard end leaves behind is the guardian's to clean.
 */
export class Interrupt {
  /** Where the person is told that the end has begun. */
  say: (line: string) => void;
  readonly #controller = new AbortController();

  constructor(say: (line: string) => void) {
    this.say = say;
    for (const signal of signals) process.on(signal, this.#handle);
  }

  /** Aborts at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Gives the signals back. */
  release(): void {
    for (const signal of signals) process.off(signal, this.#handle);
  }

  readonly #handle = (signal: NodeJS.Signals): void => {
    // oxlint-disable-next-line unicorn/no-process-exit -- the second signal means: now.
    if (this.signal.aborted) process.exit(exitCodes.interrupted);
    this.say(`${signal}: stopping the machines and writing the reports; once more to stop at once`);
    this.#controller.abort(new Error(signal));
  };
}
