import type { Qmp } from '../../console/keys/qmp-keyboard.ts';
import type { Phase } from '../../events.ts';
import type { Machine } from '../../machine/machine.ts';
import type { CellArtefacts } from './artefacts.ts';
import { PhasePictures } from './pictures.ts';

/** The pictures of one machine's virtual screen that are kept: in each phase, before it is typed into, and the last. */
export class Screens {
  readonly #phases: PhasePictures;
  readonly #take: (name: string) => Promise<unknown>;
  #untouched: Promise<unknown> = Promise.resolve();

  constructor(machine: Machine, artefacts: CellArtefacts) {
    const qmp: Qmp = (execute, args) => machine.qmp(execute, args);
    this.#phases = new PhasePictures(qmp, artefacts);
    // A QEMU that is gone has none to give, and its end is told elsewhere.
    this.#take = (name) => artefacts.screenshot(machine, name).catch(() => {});
  }

  /** Takes one as this phase begins. */
  takePhase(phase: Phase): void {
    this.#phases.take(phase);
  }

  /** Takes what nobody has typed into, e.g. an installer's own words. */
  takeUntouched(): void {
    this.#untouched = this.#take('screen-untouched');
  }

  /** Takes the picture of how it ended, which may be replaced by a later one. */
  async takeLast(): Promise<void> {
    await this.#take('screen');
  }

  /** Resolves once all have been taken; does not reject. */
  async finished(): Promise<void> {
    await Promise.all([this.#untouched, this.#phases.finished()]);
  }
}
