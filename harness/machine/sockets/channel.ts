/** Hands items to listeners; what came before the first listener is kept for it. */
export class Channel<T> {
  readonly #listeners = new Set<(item: T) => void>();
  #unheard: T[] | undefined = [];

  emit(item: T): void {
    this.#unheard?.push(item);
    for (const listener of this.#listeners) listener(item);
  }

  /** Returns the way to unsubscribe. */
  subscribe(listener: (item: T) => void): () => void {
    this.#listeners.add(listener);
    const unheard = this.#unheard ?? [];
    this.#unheard = undefined;
    for (const item of unheard) listener(item);
    return () => this.#listeners.delete(listener);
  }
}
