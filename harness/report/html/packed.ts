import { deflateRawSync } from 'node:zlib';

/** What scripts of the page need of a cell: compressed, since recordings repeat themselves, and in letters, since HTML is text. */
const pack = (data: object): string => deflateRawSync(JSON.stringify(data)).toString('base64');

/** The same data as several blocks of less and less: what there is room for is known only when all is written. */
export interface Packed {
  /** The largest first. */
  variants: readonly string[];
}

export const packAll = (variants: readonly object[]): Packed => ({ variants: variants.map(pack) });

/**
 * Chooses for each, in their order, the largest that still fits.
 * @param most characters of all of them.
 */
export function choose(all: readonly Packed[], most: number): (string | undefined)[] {
  let left = most;
  return all.map(({ variants }) => {
    const fitting = variants.find(({ length }) => length <= left);
    left -= fitting?.length ?? 0;
    return fitting;
  });
}
