import pLimit from 'p-limit';
import { UsageError } from '../errors.ts';
import type { Emit } from '../events.ts';
import { openImage, type OpenedImage, refuseContradiction } from '../images/archives/opened.ts';
import type { Image } from '../images/image.ts';
import type { Cell } from '../matrix/cell.ts';
import type { Digests } from './digests.ts';
import { describeError, type Fault } from './fault.ts';

/** So often a person is told how far an archive is, milliseconds. */
const progressInterval = 5000;

interface Place {
  digests: Digests;
  emit: Emit;
  signal: AbortSignal;
}

/** The archives of a run, each opened once, before the first of its cells. */
export class Archives {
  readonly #place: Place;
  readonly #opened = new Map<string, Promise<OpenedImage>>();
  /** One at a time: beside machines that run, two would only share the processor and the disk. */
  readonly #turn = pLimit(1);
  readonly #images = new Map<Cell, Image>();
  /** Whether one of them turned out to be bad. */
  badInput = false;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Opens what a cell's image came in, if anything; the answer is what went wrong, or null. */
  async open(cell: Cell): Promise<Fault | null> {
    const { path, archive } = cell.image;
    if (archive === undefined) return null;
    try {
      let opened = this.#opened.get(path);
      if (opened === undefined) {
        opened = this.#turn(() => this.#open(cell));
        this.#opened.set(path, opened);
      }
      const { image } = await opened;
      refuseContradiction(path, cell.image, image);
      this.#images.set(cell, image);
      return null;
    } catch (error) {
      this.badInput ||= error instanceof UsageError;
      return describeError(error);
    }
  }

  /** The cell with the image that is inside, once that was opened. */
  opened(cell: Cell): Cell {
    const image = this.#images.get(cell);
    return image === undefined ? cell : { ...cell, image };
  }

  /** Lets the cache forget them. */
  async release(): Promise<void> {
    for (const opened of this.#opened.values()) {
      await opened.then(({ release }) => release()).catch(() => {});
    }
  }

  async #open(cell: Cell): Promise<OpenedImage> {
    const { digests, emit, signal } = this.#place;
    const { path, archive } = cell.image;
    if (archive === undefined) throw new Error(`${path} is no archive`);
    signal.throwIfAborted();
    const began = performance.now();
    const [digest] = await digests.before(cell);
    let told = -Infinity;
    const onProgress = (share: number): void => {
      if (performance.now() - told < progressInterval) return;
      told = performance.now();
      emit({ type: 'archive-opening', path, share });
    };
    const ended = (result: { cached: boolean; reason?: string }): void =>
      emit({ type: 'archive-opened', path, seconds: (performance.now() - began) / 1000, ...result });
    try {
      const opened = await openImage(path, archive, digest?.sha256 ?? '', { signal, onProgress });
      ended({ cached: opened.cached });
      return opened;
    } catch (error) {
      ended({ cached: false, reason: describeError(error).reason });
      throw error;
    }
  }
}
