/** One character's picture: row by row, the leftmost pixel in the highest of `width` bits. */
export interface Glyph {
  code: number;
  rows: number[];
}

export interface RawFont {
  width: number;
  height: number;
  glyphs: Glyph[];
}

/** Code page 437, whose order the fonts of a PC's firmware and of the kernel have. */
export const codePage437: readonly number[] = [
  ...' ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼',
  ...Array.from({ length: 95 }, (_, index) => String.fromCodePoint(32 + index)),
  ...'⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ',
].map((character) => character.codePointAt(0) ?? 0);

/** Glyphs as most formats keep them: rows of whole bytes, the first pixel in the highest bit. */
export function rowsOf(bytes: Uint8Array, width: number, height: number): number[] {
  const stride = Math.ceil(width / 8);
  return Array.from({ length: height }, (_, row) => {
    let bits = 0;
    for (let at = 0; at < stride; at++) bits = bits * 256 + (bytes[row * stride + at] ?? 0);
    return Math.floor(bits / 2 ** (8 * stride - width));
  });
}
