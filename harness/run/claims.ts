/** What no two machines of a run may have in common, and which cell's machine had it first. */
export class Claims {
  readonly #owners = new Map<string, string>();

  /** Claims it for this cell. Returns another cell that has claimed it before, or null. */
  claim(what: string, cell: string): string | null {
    const owner = this.#owners.get(what);
    if (owner === undefined) this.#owners.set(what, cell);
    // Another attempt, or another way to boot it, is no machine of its own.
    return owner === undefined || owner === cell ? null : owner;
  }
}
