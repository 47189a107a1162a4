import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellOutcome, Emit, Verdict } from '../events.ts';
import type { Cell } from '../matrix/cell.ts';
import { runAttempt } from './cell.ts';
import type { CellContext } from './context.ts';
import { tooBusy } from './watch/host-too-busy.ts';

export interface CellRunOptions {
  /** How often a cell that the host failed is tried again. */
  retries: number;
  out: string;
  emit: Emit;
}

/** What came of an attempt: the cell's verdict and the attempt's seconds, or how another one is to follow. */
export type Attempt = { starved: number | null } & (
  | { next: 'done'; verdict: Verdict; seconds: number }
  | { next: 'again' | 'alone' }
);

const outOfMemory = 'out-of-memory';
/** Codes of what the machines that run beside it can do to one. */
const crowded: ReadonlySet<string | undefined> = new Set([tooBusy, outOfMemory]);

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
   * verdict stands. What other machines of ours may have been to blame for is tried again without them. Does not reject.
   */
  async attempt(context: CellContext): Promise<Attempt> {
    const { emit, retries } = this.#options;
    const attempt = this.#outcomes.length + 1;
    const { outcome, transient, starved } = await runAttempt(this.#cell, attempt, context);
    this.#outcomes.push(outcome);
    const isCrowded = crowded.has(outcome.code);
    // With no machine beside it there was no more memory to be had, and there will be no more.
    const isInVain = outcome.code === outOfMemory && context.isAlone;
    const mayRetry = transient && attempt <= retries && !context.signal.aborted && !isInVain;
    if (!mayRetry || !(await this.#setAside(attempt)))
      return { next: 'done', starved, ...this.#finish(outcome) };
    const directory = attemptDirectory(attempt);
    emit({ type: 'attempt-finished', cell: this.#cell.id, attempt, directory, ...outcome });
    return { next: isCrowded ? 'alone' : 'again', starved };
  }

  /** Ends it where another attempt was to follow, for which this host has become too small. */
  giveUp(why: string): void {
    const last = this.#outcomes.at(-1);
    if (last === undefined) throw new Error(`${this.#cell.id} was given up before it was tried`);
    this.#finish({ ...last, reason: `${last.reason}; it is not tried again: it ${why}` });
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
