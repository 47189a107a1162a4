/** Numbers, hexadecimal ones too, and what bars and spinners are made of. */
const counters =
  /\b0x[\da-f]+\b|\b[\da-f]*\d[\da-f]*\b|\b[\da-f]{6,}\b|[*#=.\s|/\\\-+_%~>?:\u2500-\u259f]+/gi;

/** What a row of a screen says apart from numbers, spinners and bars, which move while nothing gets on. */
export const shapeOf = (row: string): string => row.replaceAll(counters, '#').replaceAll(/#+/g, '#');

/** How many rows are remembered: some screens full. */
const remembered = 256;

/** Tells what a screen says for the first time from what only counts, spins, fills up or comes again. */
export class ScreenNovelty {
  readonly #known = new Set<string>();

  /** Whether something on it is new. */
  add(rows: readonly string[]): boolean {
    const fresh = rows.map(shapeOf).filter((shape) => !this.#known.has(shape));
    for (const shape of fresh) this.#known.add(shape);
    for (const shape of this.#known) {
      if (this.#known.size <= remembered) break;
      this.#known.delete(shape);
    }
    return fresh.length > 0;
  }
}
