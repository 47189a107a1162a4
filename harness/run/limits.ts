import { HostError } from '../errors.ts';
import type { Verdict } from '../events.ts';

/** What ends a run before its matrix is through. */
export interface Limits {
  /** So many cells that failed, or that the host failed; undefined: never. */
  maxFailures: number | undefined;
  /** Seconds from now; undefined: no limit. */
  seconds: number | undefined;
}

/** What is told of a cell that the end of the run came before. */
interface Untold {
  verdict: Verdict;
  code: string;
  reason: string;
}

/** More than this Node's setTimeout takes for none at all; 24 days. */
export const mostMilliseconds = 2 ** 31 - 1;

/** Ends a run early, as an interruption would, but with a reason of its own and a verdict for what was not done. */
export class EarlyEnd implements Disposable {
  /** Aborts when the run is interrupted or a limit is reached. */
  readonly signal: AbortSignal;
  /** Of the cells that never began; undefined while no limit is reached. */
  reached: Untold | undefined;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #maxFailures: number;
  #failures = 0;

  constructor({ maxFailures = Number.POSITIVE_INFINITY, seconds }: Limits, interrupt: AbortSignal) {
    this.#maxFailures = maxFailures;
    this.signal = AbortSignal.any([interrupt, this.#controller.signal]);
    if (seconds === undefined) return;
    const milliseconds = Math.min(Math.max(0, seconds * 1000), mostMilliseconds);
    this.#timer = setTimeout(() => {
      // No verdict would be no proof, and a gate must not open for it.
      const reason = 'the time for the whole run was over (--global-timeout)';
      this.#end({ verdict: 'error', code: 'global-timeout', reason });
    }, milliseconds);
  }

  /** Takes the verdict of each cell that has ended. */
  count(verdict: Verdict): void {
    if (verdict !== 'failed' && verdict !== 'error') return;
    this.#failures += 1;
    if (this.#failures < this.#maxFailures) return;
    const told = this.#failures === 1 ? 'the first failure' : `${this.#failures} failures`;
    const reason = `the run ended after ${told} (--max-failures)`;
    // The failures themselves keep the gate shut.
    this.#end({ verdict: 'skipped', code: 'max-failures', reason });
  }

  #end(reached: Untold): void {
    if (this.signal.aborted) return;
    this.reached = reached;
    const { code, reason } = reached;
    this.#controller.abort(new HostError(code, `it had not finished when ${reason}`));
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
