import { hash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { takeScreenshot } from '../../console/screen/screenshot.ts';
import type { Qmp } from '../../console/keys/qmp-keyboard.ts';
import type { Phase } from '../../events.ts';
import type { CellArtefacts } from './artefacts.ts';

/** What one picture may take on the disk: a guest may show noise of any size. */
const mostBytes = 2 * 2 ** 20;

/**
 * Pictures of the virtual screen in the course of a boot, at most one a phase: what the phase before it left. They cost
 * the guest nothing that it waits for, and nobody here waits for them either.
 */
export class PhasePictures {
  readonly #qmp: Qmp;
  readonly #artefacts: Pick<CellArtefacts, 'attach' | 'path'>;
  #last = '';
  #queue: Promise<void> = Promise.resolve();

  constructor(qmp: Qmp, artefacts: Pick<CellArtefacts, 'attach' | 'path'>) {
    this.#qmp = qmp;
    this.#artefacts = artefacts;
  }

  /** Takes one as this phase begins; where it shows nothing new, it is not kept. */
  take(phase: Phase): void {
    // Nothing was shown before power-on, and a QEMU that is gone shows nothing any more.
    if (phase === 'firmware') return;
    this.#queue = this.#queue.then(() => this.#take(phase)).catch(() => {});
  }

  /** Resolves once all have been taken. */
  async finished(): Promise<void> {
    await this.#queue;
  }

  async #take(phase: Phase): Promise<void> {
    const file = `screen-${phase}.png`;
    const path = this.#artefacts.path(file);
    await takeScreenshot(this.#qmp, path);
    const isSmall = (await stat(path)).size <= mostBytes;
    const digest = isSmall ? hash('sha1', await readFile(path)) : '';
    if (!isSmall || digest === this.#last) return rm(path);
    this.#last = digest;
    this.#artefacts.attach(`screen at ${phase}`, file, { detail: true });
  }
}
