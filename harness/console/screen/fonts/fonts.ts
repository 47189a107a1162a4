import { brotliDecompressSync } from 'node:zlib';
import data from './fonts.json' with { type: 'json' };

/** A font of cells, each of one size. */
export interface Font {
  name: string;
  width: number;
  height: number;
  /** A pixel is a byte, how much of it is ink; else it is a bit. */
  isGrey: boolean;
  codes: Uint16Array;
  /** Glyph by glyph, row by row; rows of bits end with the lowest bit of whole bytes. */
  pictures: Uint8Array;
}

let loaded: readonly Font[] | undefined;

/** All fonts that `fonts.json` lists; unpacked when they are first asked for. */
export function loadFonts(): readonly Font[] {
  loaded ??= unpack();
  return loaded;
}

function unpack(): Font[] {
  const bytes = new Uint8Array(brotliDecompressSync(Buffer.from(data.data, 'base64')));
  const count = data.fonts.reduce((sum, font) => sum + font.count, 0);
  const codes = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  let [glyph, at] = [0, 2 * count];
  return data.fonts.map((listed) => {
    const { name, width, height, count: size } = listed;
    const isGrey = 'isGrey' in listed;
    const length = size * height * (isGrey ? width : Math.ceil(width / 8));
    const font = {
      name,
      width,
      height,
      isGrey,
      codes: codes.subarray(glyph, glyph + size),
      pictures: bytes.subarray(at, at + length),
    };
    glyph += size;
    at += length;
    return font;
  });
}

/** The rows of one glyph of bits as numbers, the leftmost pixel in the highest of `width` bits. */
export function bitRows({ width, height, pictures }: Font, glyph: number): Uint32Array {
  const stride = Math.ceil(width / 8);
  const rows = new Uint32Array(height);
  let at = glyph * height * stride;
  for (let row = 0; row < height; row++, at += stride)
    rows[row] = stride === 1 ? pictures[at]! : pictures[at]! * 256 + pictures[at + 1]!;
  return rows;
}
