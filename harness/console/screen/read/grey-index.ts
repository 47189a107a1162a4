import type { Font } from '../fonts/fonts.ts';
import { mixTables } from './blend.ts';

/** A character in its colours on the screen. */
interface Drawn {
  code: number;
  font: string;
  /** Pixel by pixel. */
  colours: Uint32Array;
}

/** Another version of the rasteriser gives a pixel some other levels of grey; two characters differ by far more. */
const tolerance = 12;
const pairKey = (ink: number, paper: number): number => ink * 2 ** 24 + paper;

/** Finds the characters of fonts that are drawn with soft edges, by the very colours that this gives. */
export class GreyIndex {
  readonly width: number;
  readonly height: number;
  readonly #fonts: readonly Font[];
  readonly #tables = new Map<number, Map<number, Drawn[]>>();

  constructor(fonts: readonly Font[]) {
    const [{ width, height } = { width: 0, height: 0 }] = fonts;
    this.width = width;
    this.height = height;
    this.#fonts = fonts;
  }

  /**
   * Characters in these colours by `hashColours`.
   * @param some only those that are most frequent
   */
  table(ink: number, paper: number, some = false): ReadonlyMap<number, readonly Drawn[]> {
    const key = pairKey(ink, paper) * 2 + (some ? 1 : 0);
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    if (this.#tables.size >= mostTables) this.#tables.clear();
    const table = new Map<number, Drawn[]>();
    for (const mix of mixTables(ink, paper))
      for (const font of this.#fonts) this.#draw(font, mix, some, table);
    this.#tables.set(key, table);
    return table;
  }

  /** A character that is drawn almost so, and no other is; it is found by its hash from then on. */
  findNear(ink: number, paper: number, cell: Uint32Array): Drawn | null {
    const table = this.#tables.get(pairKey(ink, paper) * 2) ?? new Map<number, Drawn[]>();
    const near: Drawn[] = [];
    for (const bucket of table.values())
      for (const one of bucket) if (isNear(one.colours, cell)) near.push(one);
    if (near.length === 0 || new Set(near.map(({ code }) => code)).size > 1) return null;
    const [{ code, font }] = near as [Drawn];
    const found = { code, font, colours: cell.slice() };
    const hash = hashColours(cell, 0, this.width, this);
    table.set(hash, [...(table.get(hash) ?? []), found]);
    return found;
  }

  #draw({ name, codes, pictures }: Font, mix: Uint32Array, some: boolean, table: Map<number, Drawn[]>): void {
    const size = this.width * this.height;
    codes.forEach((code, glyph) => {
      if (some && !isFrequent(code)) return;
      const colours = Uint32Array.from(
        pictures.subarray(glyph * size, (glyph + 1) * size),
        (alpha) => mix[alpha]!,
      );
      const hash = hashColours(colours, 0, this.width, this);
      const bucket = table.get(hash) ?? [];
      table.set(hash, bucket);
      if (!bucket.some((one) => one.code === code && isSame(one.colours, colours)))
        bucket.push({ code, font: name, colours });
    });
  }
}

/** A screen may have any number of colours. */
const mostTables = 256;
const isFrequent = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);

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

export function isSame(a: Uint32Array, b: Uint32Array): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function isNear(a: Uint32Array, b: Uint32Array): boolean {
  for (let at = 0; at < a.length; at++) {
    const [one, other] = [a[at]!, b[at]!];
    if (one === other) continue;
    if (Math.abs((one >> 16) - (other >> 16)) > tolerance) return false;
    if (Math.abs(((one >> 8) & 255) - ((other >> 8) & 255)) > tolerance) return false;
    if (Math.abs((one & 255) - (other & 255)) > tolerance) return false;
  }
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
