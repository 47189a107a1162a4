import type { Font } from '../fonts/fonts.ts';
import { mixTables } from './blend.ts';

/** A character as it is drawn in two colours. */
interface Drawn {
  code: number;
  font: string;
  /** How much of each pixel is ink, 0 to 255. */
  alpha: Uint8Array;
  /** The colour of each share of ink. */
  mix: Uint32Array;
}

/** What was seen, and taken for a character that is drawn almost so. */
interface Learned {
  character: Drawn;
  cell: Uint32Array;
}

/** Another version of the rasteriser gives a pixel some other levels of grey; two characters differ by far more. */
const tolerance = 24;
/** A screen may have any number of colours. */
const mostTables = 256;

/** Finds the characters of fonts that are drawn with soft edges, by the very colours that this gives. */
export class GreyIndex {
  readonly width: number;
  readonly height: number;
  readonly #fonts: readonly Font[];
  readonly #tables = new Map<number, ReadonlyMap<number, readonly Drawn[]>>();
  readonly #learned = new Map<number, Learned[]>();

  constructor(fonts: readonly Font[]) {
    const [{ width, height } = { width: 0, height: 0 }] = fonts;
    this.width = width;
    this.height = height;
    this.#fonts = fonts;
  }

  /**
   * Characters in these colours by `hashColours`.
   * @param some only letters, of which any text has many
   */
  table(ink: number, paper: number, some = false): ReadonlyMap<number, readonly Drawn[]> {
    const key = (ink * 2 ** 24 + paper) * 2 + (some ? 1 : 0);
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    if (this.#tables.size >= mostTables) this.#tables.clear();
    const table = new Map<number, Drawn[]>();
    for (const mix of mixTables(ink, paper))
      for (const font of this.#fonts) this.#draw(font, mix, some, table);
    this.#tables.set(key, table);
    return table;
  }

  /**
   * The character that a cell shows in these colours; of several that look the same the first one.
   * @param hash of the cell, by `hashColours`
   */
  find(ink: number, paper: number, cell: Uint32Array, hash: number): Drawn | null {
    let best: Drawn | null = null;
    for (const one of this.table(ink, paper).get(hash) ?? [])
      if ((best === null || one.code < best.code) && differenceOf(one, cell, 0) === 0) best = one;
    return best ?? this.#learned.get(hash)?.find((one) => isSame(one.cell, cell))?.character ?? null;
  }

  /** The character that is drawn almost so, of several the nearest; it is known from then on. */
  findNear(ink: number, paper: number, cell: Uint32Array): Drawn | null {
    let best: Drawn | null = null;
    let least = tolerance + 1;
    for (const bucket of this.table(ink, paper).values()) {
      for (const one of bucket) {
        const by = differenceOf(one, cell, least);
        if (by < least || (by === least && best !== null && one.code < best.code)) [best, least] = [one, by];
      }
    }
    if (best === null) return null;
    const hash = hashColours(cell, 0, this.width, this);
    if (this.#learned.size >= mostTables) this.#learned.clear();
    this.#learned.set(hash, [...(this.#learned.get(hash) ?? []), { character: best, cell }]);
    return best;
  }

  #draw({ name, codes, pictures }: Font, mix: Uint32Array, some: boolean, table: Map<number, Drawn[]>): void {
    const size = this.width * this.height;
    const colours = new Uint32Array(size);
    codes.forEach((code, glyph) => {
      if (some && !isLetter(code)) return;
      const alpha = pictures.subarray(glyph * size, (glyph + 1) * size);
      for (let at = 0; at < size; at++) colours[at] = mix[alpha[at]!]!;
      const hash = hashColours(colours, 0, this.width, this);
      const bucket = table.get(hash);
      const drawn = { code, font: name, alpha, mix };
      if (bucket === undefined) table.set(hash, [drawn]);
      else bucket.push(drawn);
    });
  }
}

const isLetter = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);

/** By how much a cell differs from this where it does most; of more than `most` the first that was found. */
function differenceOf({ alpha, mix }: Drawn, cell: Uint32Array, most: number): number {
  let difference = 0;
  for (let at = 0; at < cell.length; at++) {
    const [one, other] = [mix[alpha[at]!]!, cell[at]!];
    if (one === other) continue;
    difference = Math.max(difference, distance(one, other));
    if (difference > most) return difference;
  }
  return difference;
}

/** Of the channel that differs most. */
function distance(a: number, b: number): number {
  return Math.max(
    Math.abs((a >> 16) - (b >> 16)),
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)),
    Math.abs((a & 255) - (b & 255)),
  );
}

/** Of the colours of a cell, whose rows are `stride` apart and which begins `at` there. */
export function hashColours(
  colours: Uint32Array,
  at: number,
  stride: number,
  { width, height }: { width: number; height: number },
): number {
  let hash = 0;
  for (let row = 0; row < height; row++, at += stride) hash = joinRow(hash, hashRow(colours, at, width));
  return hash;
}

export function hashRow(colours: Uint32Array, at: number, width: number): number {
  let hash = 0;
  for (const end = at + width; at < end; at++) {
    hash = Math.imul(hash ^ colours[at]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

export function joinRow(hash: number, row: number): number {
  const joined = Math.imul(hash ^ row, 0x85ebca6b);
  return joined ^ (joined >>> 13);
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** One index for each size of cell. */
export function indexGreyFonts(fonts: readonly Font[]): GreyIndex[] {
  const bySize = Map.groupBy(
    fonts.filter(({ isGrey }) => isGrey),
    ({ width, height }) => `${width}x${height}`,
  );
  return [...bySize.values()].map((some) => new GreyIndex(some));
}
