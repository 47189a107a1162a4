import type { Need } from './capacity.ts';

interface Waiting {
  need: Need;
  admit: () => void;
}

/** Lets cells in while memory and disk last, in the order in which they came: a large one is never overtaken for ever. */
export class Admission {
  #free: Need;
  readonly #queue: Waiting[] = [];

  constructor(capacity: Need) {
    this.#free = { memoryMiB: capacity.memoryMiB, diskMiB: capacity.diskMiB };
  }

  /** Resolves once the need fits; the answer gives it back. A need above the whole capacity would wait for ever: ask `whyTooLarge` first. */
  async enter(need: Need): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queue.push({ need, admit: resolve });
    this.#admit();
    await promise;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#free.memoryMiB += need.memoryMiB;
      this.#free.diskMiB += need.diskMiB;
      this.#admit();
    };
  }

  #admit(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (next.need.memoryMiB > this.#free.memoryMiB || next.need.diskMiB > this.#free.diskMiB) return;
      this.#free.memoryMiB -= next.need.memoryMiB;
      this.#free.diskMiB -= next.need.diskMiB;
      this.#queue.shift();
      next.admit();
    }
  }
}
