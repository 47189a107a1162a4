/** What has to be undone, registered before or while it is done; undone in reverse order, all of it, whatever fails. */
export class Teardown {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  /** Undoes everything; does not reject. What went wrong must not hide how the cell ended, so it is the answer. */
  async run(): Promise<Error[]> {
    const problems: Error[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        problems.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return problems;
  }
}
