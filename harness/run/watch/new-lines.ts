/** How many different lines are remembered: more than one animation has, less than a boot says. */
const remembered = 64;

/** Tells new lines from those that come again with other numbers, as `A start job is running for x (3s / 1min 30s)`. */
export class NewLines {
  #count = 0;
  readonly #known = new Set<string>();

  /** How many new lines there were. */
  get count(): number {
    return this.#count;
  }

  add(line: string): void {
    const shape = line.slice(0, 200).replace(/[\d*\s]+/g, '#');
    if (this.#known.has(shape)) return;
    this.#count += 1;
    this.#known.add(shape);
    if (this.#known.size > remembered) this.#known.delete(this.#known.values().next().value as string);
  }
}
