import { bitRows, type Font } from '../fonts/fonts.ts';

/** A character as some fonts have it. */
interface Meaning {
  code: number;
  /** Bit n: the n-th font of the index has it. */
  fonts: number;
}

/** A picture in one colour of ink, and what it may be. */
export interface Entry {
  rows: Uint32Array;
  meanings: Meaning[];
  /** All fonts that have it. */
  fonts: number;
  /** It is so much of a drawing that no line, frame or dot looks the same by chance. */
  isProof: boolean;
}

/** The characters that VGA draws nine dots wide, by repeating the eighth: 0xc0 to 0xdf of code page 437. */
const ninthDot = new Set(
  [...'└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀'].map((character) => character.codePointAt(0)),
);

/** Finds the characters of fonts with one cell size by their pictures. */
export class CellIndex {
  readonly width: number;
  readonly height: number;
  readonly fonts: readonly Font[];
  readonly entries: Entry[] = [];
  readonly #byHash = new Map<number, Entry[]>();
  /** The first of the rows in the middle by which most pictures are told that nobody knows. */
  readonly middle: number;
  readonly #known = new Uint8Array(2 ** 16);

  constructor(fonts: readonly Font[], { ninthDots = false } = {}) {
    const [first] = fonts;
    if (first === undefined || fonts.length > 31) throw new Error(`${fonts.length} fonts of one size`);
    this.fonts = fonts;
    this.width = ninthDots ? first.width + 1 : first.width;
    this.height = first.height;
    this.middle = (first.height >> 1) - 2;
    fonts.forEach((font, index) =>
      font.codes.forEach((code, glyph) => {
        const bit = 1 << index;
        const rows = bitRows(font, glyph);
        const repeats = ninthDot.has(code);
        this.#add(ninthDots ? rows.map((row) => row * 2 + (repeats ? row & 1 : 0)) : rows, {
          code,
          fonts: bit,
        });
      }),
    );
  }

  #add(rows: Uint32Array, meaning: Meaning): void {
    const hash = hashRows(rows, this.height);
    const bucket = this.#byHash.get(hash) ?? [];
    this.#byHash.set(hash, bucket);
    let entry = bucket.find((one) => isSame(one.rows, rows));
    if (entry === undefined) {
      entry = { rows, meanings: [], fonts: 0, isProof: isProof(rows) };
      if (entry.isProof) this.#known[hashMiddle(rows, this.middle, 0, -1)] = 1;
      bucket.push(entry);
      this.entries.push(entry);
    }
    entry.fonts |= meaning.fonts;
    const same = entry.meanings.find(({ code }) => code === meaning.code);
    if (same === undefined) entry.meanings.push(meaning);
    else same.fonts |= meaning.fonts;
  }

  /** @param rows as many as a cell has */
  find(rows: Uint32Array): Entry | undefined {
    return this.#byHash.get(hashRows(rows, this.height))?.find((entry) => isSame(entry.rows, rows));
  }

  /** Whether these may be the middle of a character that is a proof, from `at` on; the rows begin `shift` bits further left. */
  mayKnow(rows: Uint32Array, at: number, shift: number): boolean {
    return this.#known[hashMiddle(rows, at + this.middle, shift, 2 ** this.width - 1)] === 1;
  }
}

function hashMiddle(rows: Uint32Array, at: number, shift: number, mask: number): number {
  let hash = (rows[at]! >>> shift) & mask;
  hash = Math.imul(hash, 0x9e3779b1) ^ ((rows[at + 1]! >>> shift) & mask);
  hash = Math.imul(hash, 0x9e3779b1) ^ ((rows[at + 2]! >>> shift) & mask);
  hash = Math.imul(hash, 0x9e3779b1) ^ ((rows[at + 3]! >>> shift) & mask);
  return (hash ^ (hash >>> 16)) & 0xffff;
}

function hashRows(rows: Uint32Array, height: number): number {
  let hash = 0;
  for (let row = 0; row < height; row++) {
    hash = Math.imul(hash ^ rows[row]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  for (let row = 0; row < a.length; row++) if (a[row] !== b[row]) return false;
  return true;
}

/** Three different rows, or two with several strokes beside each other: lines, frames, dots and blocks have less. */
function isProof(rows: Uint32Array): boolean {
  let [one, other, strokes] = [0, 0, 0];
  for (const bits of rows) {
    if (bits === 0) continue;
    if (hasStrokes(bits)) strokes += 1;
    if (one === 0 || bits === one) one = bits;
    else if (other === 0 || bits === other) other = bits;
    else return true;
  }
  return other !== 0 && strokes >= 4;
}

/** Whether ink is in several places with paper between them. */
function hasStrokes(bits: number): boolean {
  const filled = bits | (bits - 1);
  return bits !== 0 && (filled & (filled + 1)) !== 0;
}

/** One index for each size of cell. */
export function indexFonts(fonts: readonly Font[]): CellIndex[] {
  const bySize = Map.groupBy(
    fonts.filter(({ isGrey }) => !isGrey),
    ({ width, height }) => `${width}x${height}`,
  );
  const indexes = [...bySize.values()].map((some) => new CellIndex(some));
  const wide = bySize.get('8x16')?.filter(({ name }) => name !== 'unifont');
  return wide === undefined ? indexes : [...indexes, new CellIndex(wide, { ninthDots: true })];
}
