import { digestFiles } from '../images/digest.ts';
import type { Cell } from '../matrix/cell.ts';
import type { Emit, ImageFileDigest } from '../events.ts';

/** The SHA-256 of every image file of a run, each read once before its first machine and once after the last. */
export class Digests {
  readonly #before = new Map<string, Promise<ImageFileDigest>>();
  readonly #emit: Emit;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Resolves once the digests of this cell's files are known; no machine may start before. */
  async before(cell: Cell): Promise<void> {
    await Promise.all(
      cell.image.files.map((file) => {
        let digest = this.#before.get(file);
        if (digest === undefined) {
          digest = digestFiles([file]).then(([one]) => {
            if (one === undefined) throw new Error(`no digest of ${file}`);
            this.#emit({ type: 'digests', when: 'before', files: [one] });
            return one;
          });
          this.#before.set(file, digest);
        }
        return digest;
      }),
    );
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
