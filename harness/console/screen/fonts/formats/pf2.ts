import { type Glyph, type RawFont } from './glyphs.ts';

/**
 * GRUB's font format (GRUB's manual for developers, "Font Metrics"; grub-core/font/font.c), of which those characters are
 * taken that fit into one cell.
 */
export function parsePf2(data: Buffer, cell: { width: number; accepts: (code: number) => boolean }): RawFont {
  const sections = new Map<string, Buffer>();
  for (let at = 0; at + 8 <= data.length;) {
    const name = data.toString('latin1', at, at + 4);
    const length = data.readUInt32BE(at + 4);
    if (name === 'DATA') break;
    sections.set(name, data.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const number = (name: string): number => sections.get(name)?.readUInt16BE(0) ?? 0;
  const ascent = number('ASCE');
  const height = ascent + number('DESC');
  const index = sections.get('CHIX') ?? Buffer.alloc(0);
  const glyphs: Glyph[] = [];
  for (let at = 0; at < index.length; at += 9) {
    const code = index.readUInt32BE(at);
    const from = index.readUInt32BE(at + 5);
    const [width, rows, x, y, advance] = [
      data.readUInt16BE(from),
      data.readUInt16BE(from + 2),
      data.readInt16BE(from + 4),
      data.readInt16BE(from + 6),
      data.readInt16BE(from + 8),
    ] as [number, number, number, number, number];
    if (advance !== cell.width || !cell.accepts(code) || x < 0 || x + width > cell.width) continue;
    const bits = (row: number): number => {
      let value = 0;
      for (let column = 0; column < width; column++) {
        const bit = row * width + column;
        if (((data[from + 10 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0)
          value |= 1 << (cell.width - 1 - x - column);
      }
      return value;
    };
    const top = ascent - (y + rows);
    if (top < 0 || top + rows > height) continue;
    glyphs.push({
      code,
      rows: Array.from({ length: height }, (_, row) =>
        row < top || row >= top + rows ? 0 : bits(row - top),
      ),
    });
  }
  return { width: cell.width, height, glyphs };
}
