import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellOutcome, Emit, Verdict } from '../events.ts';
import type { Cell } from '../matrix/cell.ts';
import { type CellContext, runAttempt } from './cell.ts';

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
  readonly #outcomes: CellOutcome[] = [];

  constructor(cell: Cell, options: CellRunOptions) {
    this.#cell = cell;
    this.#options = options;
  }

  /**
   * Tries once. Only what the host failed, and what may go better without anybody's help, is tried again: a guest's
   * verdict stands. Does not reject.
   * @returns the cell's verdict and the seconds of this attempt; null when another is to follow.
   */
  async attempt(context: CellContext): Promise<{ verdict: Verdict; seconds: number } | null> {
    const { emit, retries } = this.#options;
    const attempt = this.#outcomes.length + 1;
    const { outcome, transient } = await runAttempt(this.#cell, attempt, context);
    this.#outcomes.push(outcome);
    const mayRetry = transient && attempt <= retries && !context.signal.aborted;
    if (!mayRetry || !(await this.#setAside(attempt))) return this.#finish(outcome);
    const directory = attemptDirectory(attempt);
    emit({ type: 'attempt-finished', cell: this.#cell.id, attempt, directory, ...outcome });
    return null;
  }

  #finish(last: CellOutcome): { verdict: Verdict; seconds: number } {
    const all = this.#outcomes;
    const flaky = all.length > 1 && last.verdict === 'passed';
    const used = all.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
    const outcome: CellOutcome = {
      ...last,
      ...(flaky ? { verdict: 'flaky', reason: flakyReason(all) } : {}),
      seconds: sum(all.map(({ seconds }) => seconds)),
      cpuSeconds: used.length === 0 ? null : sum(used),
    };
    this.#options.emit({ type: 'cell-finished', cell: this.#cell.id, attempts: all.length, ...outcome });
    return { verdict: outcome.verdict, seconds: last.seconds };
  }

  /** Keeps an attempt's files out of the way of the next one's; false when that cannot be, and they would be lost. */
  async #setAside(attempt: number): Promise<boolean> {
    const { id } = this.#cell;
    const from = join(this.#options.out, 'cells', id);
    const to = join(from, attemptDirectory(attempt));
    try {
      // It may have ended before it had a directory.
      await mkdir(to, { recursive: true });
      const names = await readdir(from);
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

function flakyReason(outcomes: readonly CellOutcome[]): string {
  const before = outcomes.slice(0, -1).map(({ reason }, index) => `attempt ${index + 1}: ${reason}`);
  return `passed in attempt ${outcomes.length} only; ${before.join('; ')}`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
