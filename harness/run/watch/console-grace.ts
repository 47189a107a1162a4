import type { Transcript } from '../../console/serial/transcript.ts';

/** How long a console must have been silent until all of it has come, and how long that is waited for at most. */
const quietMilliseconds = 250;
const longestMilliseconds = 2000;

/**
 * Waits until the console has told what it has to tell. QEMU's events come by another way than a guest's words, which
 * explain them better and may be a moment behind.
 */
export class ConsoleGrace {
  readonly #console: Transcript;
  #end: (() => void) | undefined;

  constructor(console: Transcript) {
    this.#console = console;
  }

  /** Calls back once the console is silent; only the first call counts. */
  whenSilent(work: () => void): void {
    if (this.#end !== undefined) return;
    const done = (): void => {
      this.close();
      work();
    };
    const quiet = setTimeout(done, quietMilliseconds);
    const longest = setTimeout(done, longestMilliseconds);
    const off = this.#console.onChange(() => quiet.refresh());
    this.#end = () => {
      clearTimeout(quiet);
      clearTimeout(longest);
      off();
    };
  }

  close(): void {
    this.#end?.();
  }
}
