/** A machine that shows progress gets this much of its budget more, until it had as much again. */
const grant = 1 / 4;

/** How long a phase may go on: its budget, and within a bound some more for who still gets on when that has run out. */
export class PhaseBudget {
  readonly #budget: number;
  #spent = 0;
  #granted = 0;

  /** @param budget seconds */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /**
   * Takes what was spent since the last call. Returns whether it has run out.
   * @param seconds in which the machine could do something
   * @param still such seconds since it last showed progress
   */
  spend(seconds: number, still: number): boolean {
    this.#spent += seconds;
    if (this.#spent < this.#budget + this.#granted) return false;
    const more = this.#budget * grant;
    if (still >= more || this.#granted >= this.#budget) return true;
    this.#granted += more;
    return false;
  }
}
