import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellOutcome, Emit, Verdict } from '../events.ts';
import type { Cell } from '../matrix/cell.ts';
import { type AttemptResult, type CellContext, runAttempt } from './cell.ts';

export interface CellRunOptions {
  /** How often a cell that the host failed is tried again. */
  retries: number;
  out: string;
  emit: Emit;
}

/** Where an earlier attempt's files are kept, below the cell's own directory. */
const attemptDirectory = (attempt: number): string => `attempt-${attempt}`;

/** One cell of a run, with all attempts at it. */
export class CellRun {
  readonly #cell: Cell;
  readonly #options: CellRunOptions;
  readonly #results: AttemptResult[] = [];

  constructor(cell: Cell, options: CellRunOptions) {
    this.#cell = cell;
    this.#options = options;
  }

  /**
   * Tries once. Only what the host failed, and what may go better without anybody's help, is tried again: a guest's
   * verdict stands. Does not reject.
   * @returns the cell's verdict and seconds; null when another attempt is to follow.
   */
  async attempt(context: CellContext): Promise<{ verdict: Verdict; seconds: number } | null> {
    const number = this.#results.length + 1;
    const result = await runAttempt(this.#cell, number, context);
    this.#results.push(result);
    const mayRetry = result.transient && number <= this.#options.retries && !context.signal.aborted;
    if (mayRetry && (await this.#setAside(number))) {
      const directory = attemptDirectory(number);
      const { transient: _, ...outcome } = result;
      this.#options.emit({
        type: 'attempt-finished',
        cell: this.#cell.id,
        attempt: number,
        directory,
        ...outcome,
      });
      return null;
    }
    return this.#finish(result);
  }

  #finish({ transient: _, ...last }: AttemptResult): { verdict: Verdict; seconds: number } {
    const results = this.#results;
    const outcome: CellOutcome = {
      ...last,
      ...(results.length > 1 && last.verdict === 'passed' ? this.#flaky() : {}),
      seconds: sum(results.map(({ seconds }) => seconds)),
      cpuSeconds: results.every(({ cpuSeconds }) => cpuSeconds === null)
        ? null
        : sum(results.map(({ cpuSeconds }) => cpuSeconds ?? 0)),
    };
    this.#options.emit({ type: 'cell-finished', cell: this.#cell.id, attempts: results.length, ...outcome });
    return { verdict: outcome.verdict, seconds: last.seconds };
  }

  #flaky(): { verdict: Verdict; reason: string } {
    const before = this.#results
      .slice(0, -1)
      .map(({ reason }, index) => `attempt ${index + 1}: ${reason}`)
      .join('; ');
    return { verdict: 'flaky', reason: `passed in attempt ${this.#results.length} only; ${before}` };
  }

  /** Keeps an attempt's files out of the way of the next one's; false when that cannot be, and they would be lost. */
  async #setAside(attempt: number): Promise<boolean> {
    const { id } = this.#cell;
    const from = join(this.#options.out, 'cells', id);
    const to = join(from, attemptDirectory(attempt));
    try {
      const names = await readdir(from);
      await mkdir(to);
      for (const name of names) {
        if (!/^attempt-\d+$/.test(name)) await rename(join(from, name), join(to, name));
      }
      return true;
    } catch (error) {
      const text = `${id}: not tried again, since the files of attempt ${attempt} cannot be kept: ${(error as Error).message}`;
      this.#options.emit({ type: 'notice', level: 'warning', text });
      return false;
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
