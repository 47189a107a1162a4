import { gunzipSync } from 'node:zlib';
import { type Glyph, type RawFont, rowsOf } from './glyphs.ts';

/** A console font of version 1 or 2 with a table of its characters (kbd, psf(5)); null where it has no such table. */
export function parsePsf(file: Buffer): RawFont | null {
  const data = file[0] === 0x1f ? gunzipSync(file) : file;
  if (data.readUInt16LE(0) === 0x0436) return parseVersion1(data);
  if (data.readUInt32LE(0) !== 0x864ab572) throw new Error('neither psf version 1 nor 2');
  const header = data.readUInt32LE(8);
  const [count, bytes, height, width] = [16, 20, 24, 28].map((at) => data.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  if ((data.readUInt32LE(12) & 1) === 0) return null;
  let at = header + count * bytes;
  const codes = Array.from({ length: count }, () => {
    const end = data.indexOf(0xff, at);
    // What follows 0xfe are sequences of several characters.
    const text = data.subarray(at, end);
    const [single = text] = text.includes(0xfe) ? [text.subarray(0, text.indexOf(0xfe))] : [text];
    at = end + 1;
    return [...single.toString('utf8')].map((character) => character.codePointAt(0) ?? 0);
  });
  return build(data.subarray(header), { width, height, bytes }, codes);
}

function parseVersion1(data: Buffer): RawFont | null {
  const mode = data[2] ?? 0;
  const height = data[3] ?? 0;
  const count = (mode & 1) === 0 ? 256 : 512;
  if ((mode & 6) === 0) return null;
  let at = 4 + count * height;
  const codes = Array.from({ length: count }, () => {
    const some: number[] = [];
    let isSequence = false;
    for (; at + 1 < data.length; at += 2) {
      const code = data.readUInt16LE(at);
      if (code === 0xffff) break;
      isSequence ||= code === 0xfffe;
      if (!isSequence) some.push(code);
    }
    at += 2;
    return some;
  });
  return build(data.subarray(4), { width: 8, height, bytes: height }, codes);
}

function build(
  bitmaps: Uint8Array,
  { width, height, bytes }: { width: number; height: number; bytes: number },
  codes: readonly (readonly number[])[],
): RawFont {
  const glyphs = codes.flatMap((some, index): Glyph[] => {
    const rows = rowsOf(bitmaps.subarray(index * bytes, (index + 1) * bytes), width, height);
    return some.map((code) => ({ code, rows }));
  });
  return { width, height, glyphs };
}
