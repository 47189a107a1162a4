import { deflateRawSync } from 'node:zlib';
import { type Markup, asMarkup } from './markup.ts';

/** The most that the page holds beside its text, in bytes: a browser has to open it, and a CI to keep it. */
const mostPacked = 12 * 2 ** 20;

/** What scripts of the page need: compressed, since recordings repeat themselves, and in letters, since HTML is text. */
export class Packer {
  #left: number;

  /** @param most bytes of all of it. @default 12 MiB */
  constructor(most = mostPacked) {
    this.#left = most;
  }

  /**
   * The first of these variants that there is room for, as a block of data: no browser takes it for a script, and it is no
   * text that could end its element.
   */
  pack(variants: readonly object[]): Markup {
    for (const variant of variants) {
      const data = deflateRawSync(JSON.stringify(variant)).toString('base64');
      if (data.length > this.#left) continue;
      this.#left -= data.length;
      return asMarkup(`<script type="application/x-packed">${data}</script>`);
    }
    return asMarkup('');
  }
}
