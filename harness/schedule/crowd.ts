/** How a machine fared among others. */
export interface Fare {
  /** How many ran at most while it did. */
  machines: number;
  /** The share of the processor time that it wanted and that its host did not give, 0 to 1; null where it is not known. */
  starved: number | null;
}

/**
 * More than one machine beyond the cores costs when all of them compute: on two cores each of three waits for a third of
 * what it wants. What is above that is a host that carries less than it was given.
 */
const tooMuch = 0.4;
/** So little that one machine more finds room. */
const little = 0.2;

/**
 * How many machines run at once: no more than was asked for, and no more than the host is seen to carry. Halved when they
 * starve each other, one more when they do not, as TCP finds the share of a line that it may have (RFC 5681).
 */
export class Crowd {
  readonly #most: number;
  #size: number;

  /** @param most 1 or more */
  constructor(most: number) {
    this.#most = most;
    this.#size = most;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes how a machine fared. What is known of a larger crowd, or of a smaller one, says nothing of this one. */
  add({ machines, starved }: Fare): void {
    if (starved === null || machines !== this.#size) return;
    if (starved >= tooMuch) this.#size = Math.ceil(this.#size / 2);
    else if (starved < little) this.#size = Math.min(this.#most, this.#size + 1);
  }
}
