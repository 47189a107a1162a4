import { type Phase, phases } from '../events.ts';

/** One reboot is some images' way to finish their set-up, and a second one is forgiven. */
const tolerated = 2;

/** Tells a machine that resets itself for ever from one that has a reason to. */
export class Reboots {
  #furthest = -1;
  #inVain = 0;
  #count = 0;
  #last: Phase | null = null;

  /** How often it was reset, but by its firmware. */
  get count(): number {
    return this.#count;
  }

  /** Takes a reset and how far the boot before it had come. Returns whether it is one too many without getting further. */
  add(reached: Phase): boolean {
    const before = this.#last;
    this.#last = reached;
    // SeaBIOS answers a reset with one of its own, before anything else has run (src/resume.c, tryReboot).
    if (reached === 'firmware' && before !== null && before !== 'firmware') return false;
    const rank = phases.indexOf(reached);
    this.#count += 1;
    this.#inVain = rank > this.#furthest ? 1 : this.#inVain + 1;
    this.#furthest = Math.max(rank, this.#furthest);
    return this.#inVain > tolerated;
  }
}
