import type { Release } from './release.ts';

/** The releases of one call, each directory once. */
export class Releases {
  readonly #byDirectory = new Map<string, Release>();

  get all(): Release[] {
    return [...this.#byDirectory.values()];
  }

  readonly add = (release: Release): void => {
    const { directory, images, lists, files, isWhole } = release;
    const known = this.#byDirectory.get(directory);
    if (known === undefined) this.#byDirectory.set(directory, release);
    else {
      this.#byDirectory.set(directory, {
        directory,
        images: [...known.images, ...images],
        lists: [...new Set([...known.lists, ...lists])],
        files: [...new Set([...known.files, ...files])],
        isWhole: known.isWhole || isWhole,
      });
    }
  };
}
