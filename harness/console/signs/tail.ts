/** So many lines are kept as the evidence of a failure: the one that told it and those before it. */
const evidenceLines = 12;

/** The last lines that a console or a screen said. */
export class Tail {
  readonly #lines: string[] = [];

  /** @param line not empty */
  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > evidenceLines) this.#lines.shift();
  }

  /** The line before the last one; empty where there is none. */
  get previous(): string {
    return this.#lines.at(-2) ?? '';
  }

  get text(): string {
    return this.#lines.join('\n');
  }
}
