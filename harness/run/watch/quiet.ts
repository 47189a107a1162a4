import { setTimeout as sleep } from 'node:timers/promises';
import type { Transcript } from '../../console/serial/transcript.ts';

/** Tells for how long consoles have been silent. */
export class Quiet {
  readonly #stops: (() => void)[];
  #spokeAt = performance.now();

  constructor(...consoles: readonly Transcript[]) {
    this.#stops = consoles.map((console) =>
      console.onChange(() => {
        this.#spokeAt = performance.now();
      }),
    );
  }

  /**
   * Resolves once all were silent for so many seconds, which may be now; rejects with the signal's reason.
   * @param options.most seconds after which it resolves whatever they say
   */
  async last(seconds: number, { most, signal }: { most: number; signal: AbortSignal }): Promise<void> {
    const limit = performance.now() + most * 1000;
    for (;;) {
      signal.throwIfAborted();
      const left = Math.min(this.#spokeAt + seconds * 1000, limit) - performance.now();
      if (left <= 0) return;
      await sleep(left, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }
}
