import { type Capacity, type Need, whyTooLarge } from './capacity.ts';

/** What came of asking to be let in: the way to leave again, or why it can never be. */
export type Entrance = { leave: () => void } | { refused: string };

interface Waiting {
  need: Need;
  alone: boolean;
  answer: (entrance: Entrance) => void;
}

/** Lets cells in while memory and disk last, in the order in which they came: a large one is never overtaken for ever. */
export class Admission {
  #capacity: Omit<Capacity, 'cpus'>;
  readonly #inside = new Set<Waiting>();
  readonly #queue: Waiting[] = [];

  constructor(capacity: Omit<Capacity, 'cpus'>) {
    this.#capacity = capacity;
  }

  /** Takes what was measured anew: others use the same host, and what they take or give back counts from here on. */
  resize(capacity: Omit<Capacity, 'cpus' | 'diskMiB'>): void {
    const { diskMiB } = this.#capacity;
    this.#capacity = { ...capacity, diskMiB };
    this.#admit();
  }

  /**
   * Resolves once the need fits; refused where it does not fit although nobody is inside.
   * @param alone waits until nobody is inside, and lets nobody in meanwhile
   */
  enter(need: Need, { alone = false } = {}): Promise<Entrance> {
    const { promise, resolve } = Promise.withResolvers<Entrance>();
    this.#queue.push({ need, alone, answer: resolve });
    this.#admit();
    return promise;
  }

  #admit(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const refused = this.#inside.size === 0 ? whyTooLarge(next.need, this.#capacity) : null;
      if (refused === null && !this.#mayEnter(next)) return;
      this.#queue.shift();
      next.answer(refused === null ? { leave: this.#enter(next) } : { refused });
    }
  }

  #mayEnter({ need, alone }: Waiting): boolean {
    if (this.#inside.size === 0) return true;
    const inside = [...this.#inside];
    if (alone || inside.some((one) => one.alone)) return false;
    const left = (of: keyof Need): number =>
      inside.reduce((rest, one) => rest - one.need[of], this.#capacity[of]);
    return need.memoryMiB <= left('memoryMiB') && need.diskMiB <= left('diskMiB');
  }

  #enter(one: Waiting): () => void {
    this.#inside.add(one);
    return () => {
      if (this.#inside.delete(one)) this.#admit();
    };
  }
}
