import { stat } from 'node:fs/promises';
import { digestFiles } from '../images/digest.ts';
import type { Cell } from '../matrix/cell.ts';
import type { Emit, ImageFileDigest } from '../events.ts';

/** Which file this is and when it was last written; null where there is none. */
async function stampOf(file: string): Promise<string | null> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs].join(' ');
  } catch {
    return null;
  }
}

/** The SHA-256 of every image file of a run, each read once before its first machine and once after the last. */
export class Digests {
  readonly #before = new Map<string, Promise<ImageFileDigest>>();
  /** What the file system said of each file before its digest was taken. */
  readonly #stamps = new Map<string, string>();
  readonly #emit: Emit;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** The digests of this cell's files, once they are known; no machine may start before. */
  before({ image }: Cell): Promise<ImageFileDigest[]> {
    return this.beforeFiles(image.files);
  }

  /** The digests of files, in the order given; of each it is taken once. */
  beforeFiles(files: readonly string[]): Promise<ImageFileDigest[]> {
    return Promise.all(
      files.map((file) => {
        let digest = this.#before.get(file);
        if (digest === undefined) {
          digest = this.#digest(file).then((one) => {
            if (one === undefined) throw new Error(`no digest of ${file}`);
            this.#emit({ type: 'digests', when: 'before', files: [one] });
            return one;
          });
          this.#before.set(file, digest);
          // Another attempt reads it anew.
          digest.catch(() => this.#before.delete(file));
        }
        return digest;
      }),
    );
  }

  /**
   * What became of one of a cell's files since its digest was taken, e.g. `/images/a.iso has changed`; null: nothing.
   * Only a file whose metadata are not what they were is read again.
   */
  async whatChanged({ image }: Cell): Promise<string | null> {
    for (const file of image.files) {
      const stamp = await stampOf(file);
      if (stamp === this.#stamps.get(file)) continue;
      if (stamp === null) return `${file} was removed`;
      const [before, [after]] = await Promise.all([this.#before.get(file), digestFiles([file])]);
      if (after?.sha256 !== before?.sha256) return `${file} has changed`;
    }
    return null;
  }

  async #digest(file: string): Promise<ImageFileDigest | undefined> {
    const stamp = await stampOf(file);
    if (stamp !== null) this.#stamps.set(file, stamp);
    const [digest] = await digestFiles([file]);
    return digest;
  }

  /** Reads all files again; the answer lists those whose bytes are not what they were, or which are gone. */
  async changed(): Promise<string[]> {
    const before = (await Promise.allSettled(this.#before.values())).flatMap((one) =>
      one.status === 'fulfilled' ? [one.value] : [],
    );
    const after = await Promise.all(
      before.map(async ({ path }) => {
        const [digest] = await digestFiles([path]).catch(() => []);
        return digest ?? { path, sha256: 'unreadable' };
      }),
    );
    this.#emit({ type: 'digests', when: 'after', files: after });
    return before.filter(({ sha256 }, index) => after[index]?.sha256 !== sha256).map(({ path }) => path);
  }
}
