import { codePage437, type Glyph, type RawFont, rowsOf } from './glyphs.ts';

const hexBytes = (text: string): number[] =>
  [...text.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/0x([0-9a-f]{2})\b/gi)].map(([, hex]) =>
    parseInt(hex ?? '', 16),
  );

/** A font as the kernel (lib/fonts) and SeaBIOS (vgasrc/vgafonts.c) keep it: an array of bytes in C, 256 characters. */
export function parseCArray(
  source: string,
  {
    width,
    height,
    after,
    codes = codePage437,
  }: { width: number; height: number; after: RegExp; codes?: readonly number[] },
): RawFont {
  const begin = after.exec(source);
  if (begin === null) throw new Error(`no array ${after}`);
  const body = source.slice(begin.index + begin[0].length);
  const bytes = Uint8Array.from(hexBytes(body.slice(0, body.search(/\n\s*\}/))));
  const size = height * Math.ceil(width / 8);
  if (bytes.length !== 256 * size) throw new Error(`${bytes.length} bytes, not ${256 * size}`);
  const glyphs = codes.map((code, index) => ({
    code,
    rows: rowsOf(bytes.subarray(index * size, (index + 1) * size), width, height),
  }));
  return { width, height, glyphs: glyphs.filter(({ code }) => code !== 0) };
}

/** The names of box-drawing characters in EDK2's MdePkg/Include/Protocol/SimpleTextOut.h. */
export function parseNames(header: string): Map<string, number> {
  return new Map(
    [...header.matchAll(/#define\s+(\w+)\s+0x([0-9a-f]{4})\b/gi)].map(
      ([, name, hex]) => [name ?? '', parseInt(hex ?? '', 16)] as const,
    ),
  );
}

/** EDK2's narrow glyphs, 8 by 19 (MdeModulePkg GraphicsConsoleDxe, LaffStd.c). */
export function parseLaffStd(source: string, names: ReadonlyMap<string, number>): RawFont {
  const glyphs = [...source.matchAll(/\{ (?:0x([0-9a-f]{4})|\(CHAR16\)\s*(\w+)),\s*0x00, \{([^}]*)\}/gi)].map(
    ([, hex, name, bytes]): Glyph => {
      const code = hex === undefined ? names.get(name ?? '') : parseInt(hex, 16);
      if (code === undefined) throw new Error(`nobody tells which character ${name} is`);
      return { code, rows: hexBytes(bytes ?? '') };
    },
  );
  if (glyphs.length < 100) throw new Error(`${glyphs.length} glyphs in LaffStd.c`);
  return { width: 8, height: 19, glyphs: glyphs.filter(({ code }) => code !== 0) };
}
