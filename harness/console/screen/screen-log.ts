import type { Fresh } from './scroll.ts';
import { shapeOf } from './shape.ts';

/** Stands where more may have scrolled by between two looks than a screen holds. */
export const missed = '(lines may be missing here)';
/** Stands in front of what is kept of a screen that said more than is kept. */
const leftOut = '(earlier lines are left out)';

/** A boot says some thousand lines; a guest that says more without end must not fill the memory. */
const mostLines = 4096;

/** What a screen said from power-on, line by line, as far as it was looked at in time. */
export class ScreenLog {
  #lines: string[] = [];
  #isCut = false;

  add({ rows, mayHaveMissed }: Fresh): void {
    if (mayHaveMissed && rows.length > 0) this.#lines.push(missed);
    for (const row of rows) {
      // A countdown, a spinner: the same line as it stands there now.
      if (shapeOf(row) === shapeOf(this.#lines.at(-1) ?? '')) this.#lines.pop();
      this.#lines.push(row);
    }
    if (this.#lines.length <= mostLines) return;
    this.#isCut = true;
    this.#lines = this.#lines.slice(-mostLines);
  }

  /** All of it, a line break behind each; empty where nothing was read. */
  get text(): string {
    return [...(this.#isCut ? [leftOut] : []), ...this.#lines].map((line) => `${line}\n`).join('');
  }
}
