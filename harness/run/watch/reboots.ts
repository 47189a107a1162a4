import { type Phase, phases } from '../../events.ts';

/** One reboot is some images' way to finish their set-up, and a second one is forgiven. */
const tolerated = 2;
/**
 * SeaBIOS answers a reset with one or two of its own before anything else has run (src/resume.c, tryReboot; measured: two
 * or three in 0.1 s for each `reboot -f`), so that resets out of the firmware mean less.
 */
const toleratedInFirmware = 3 * tolerated + 2;

/** Tells a machine that resets itself for ever from one that has a reason to. */
export class Reboots {
  #furthest = -1;
  #inVain = 0;
  #count = 0;
  #inFirmware = 0;

  /** How often it was reset, without the firmware's own resets where something else did. */
  get count(): number {
    return Math.max(this.#count, this.#inFirmware);
  }

  /** Takes a reset and how far the boot before it had come. Returns whether it is one too many without getting further. */
  add(reached: Phase): boolean {
    if (reached === 'firmware') {
      this.#inFirmware += 1;
      return this.#inFirmware > toleratedInFirmware;
    }
    this.#inFirmware = 0;
    const rank = phases.indexOf(reached);
    this.#count += 1;
    this.#inVain = rank > this.#furthest ? 1 : this.#inVain + 1;
    this.#furthest = Math.max(rank, this.#furthest);
    return this.#inVain > tolerated;
  }
}
