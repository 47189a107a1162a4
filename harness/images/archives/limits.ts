import { damagedImage } from '../errors.ts';

/** What an archive may come to; a compressed file of some kilobytes can hold terabytes. */
export interface Limits {
  /** Bytes of everything inside. */
  bytes: number;
  /** Bytes that each byte of the archive may become, once they are more than `unquestioned`. */
  ratio: number;
  /** Bytes inside that need no ratio: a small disk is mostly zeros. */
  unquestioned: number;
  /** Files inside. */
  members: number;
  /** Until it is open. */
  seconds: number;
}

/**
 * Images of systems come to some gigabytes, and disks that are mostly empty shrink to a hundredth; the largest and slowest
 * that anybody would test has room.
 */
export const defaultLimits: Limits = {
  bytes: 256 * 2 ** 30,
  ratio: 250,
  unquestioned: 2 * 2 ** 30,
  members: 64,
  seconds: 1800,
};

/** Counts what comes out of one archive. */
export class Budget {
  readonly #path: string;
  readonly #limits: Limits;
  readonly #most: number;
  #bytes = 0;
  #members = 0;

  /** @param size of the archive in bytes */
  constructor(path: string, size: number, limits: Limits) {
    this.#path = path;
    this.#limits = limits;
    this.#most = Math.min(limits.bytes, Math.max(limits.unquestioned, size * limits.ratio));
  }

  /** @throws UsageError `image-damaged` where this is more than an archive of this size may hold */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#most) throw this.#tooMuch(`more than ${this.#most} bytes`);
  }

  /** @throws UsageError `image-damaged` where files say that they are larger than the archive may be */
  announce(bytes: number): void {
    if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > this.#most)
      throw this.#tooMuch(`one that says it has ${bytes} bytes, which is more than ${this.#most}`);
  }

  /** @throws UsageError `image-damaged` */
  addMember(): void {
    this.#members += 1;
    if (this.#members > this.#limits.members) throw this.#tooMuch(`more than ${this.#limits.members} files`);
  }

  #tooMuch(got: string): Error {
    return damagedImage(
      this.#path,
      'an archive of its size that holds a disk',
      got,
      'build it again, or give the disk itself',
    );
  }
}
