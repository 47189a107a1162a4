/** No host is so busy that it stops the clock altogether. */
const leastShare = 0.25;
/** A machine that shows progress gets this much of its budget more, until it had as much again. */
const grant = 1 / 4;

/**
 * How long a phase may go on: a budget of seconds in which the machine could run. Time for which the host gave it no
 * processor does not count, and who still gets on when the budget has run out is given some more, within a bound.
 */
export class Patience {
  readonly budget: number;
  #spent = 0;
  #granted = 0;

  /** @param budget seconds */
  constructor(budget: number) {
    this.budget = budget;
  }

  /**
   * Takes what was spent since the last call. Returns whether it has run out.
   * @param seconds by the clock
   * @param starved seconds of these in which the host gave the machine no processor
   * @param still seconds since the machine last showed progress
   */
  spend(seconds: number, starved: number, still: number): boolean {
    this.#spent += Math.max(seconds * leastShare, seconds - starved);
    if (this.#spent < this.budget + this.#granted) return false;
    const more = this.budget * grant;
    if (still >= more || this.#granted >= this.budget) return true;
    this.#granted += more;
    return false;
  }
}
