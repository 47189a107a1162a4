import { bitRows, loadFonts } from '../screen/fonts/fonts.ts';
import type { Picture } from '../screen/picture.ts';

/** A screen to draw on; all of it has this colour. */
export function blankPicture(width: number, height: number, colour = 0): Picture {
  const picture = { width, height, pixels: new Uint8Array(3 * width * height) };
  fillBox(picture, { x: 0, y: 0, width, height }, colour);
  return picture;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Fills a part of it with a colour: red, green and blue, eight bits each. */
export function fillBox(picture: Picture, { x, y, width, height }: Box, colour: number): void {
  for (let row = y; row < y + height; row++)
    for (let column = x; column < x + width; column++) setPixel(picture, column, row, colour);
}

export function setPixel({ width, pixels }: Picture, x: number, y: number, colour: number): void {
  pixels.set([colour >> 16, (colour >> 8) & 255, colour & 255], 3 * (y * width + x));
}

interface Style {
  /** The name of a font of `fonts.json`. */
  font: string;
  /** Of the first character's left upper corner. */
  x: number;
  y: number;
  ink: number;
  /** @default what is there stays */
  paper?: number;
}

/** Writes lines of text, one below the other. */
export function paintText(
  picture: Picture,
  lines: readonly string[],
  { font: name, x, y, ink, paper }: Style,
): void {
  const font = loadFonts().find((one) => one.name === name);
  if (font === undefined) throw new Error(`no font ${name}`);
  const { width, height } = font;
  lines.forEach((line, row) =>
    [...line].forEach((character, column) => {
      const glyph = font.codes.indexOf(character.codePointAt(0) ?? 0);
      if (glyph === -1) throw new Error(`${name} has no ${character}`);
      bitRows(font, glyph).forEach((bits, down) => {
        for (let right = 0; right < width; right++) {
          const colour = (bits >> (width - 1 - right)) & 1 ? ink : paper;
          if (colour !== undefined)
            setPixel(picture, x + column * width + right, y + row * height + down, colour);
        }
      });
    }),
  );
}
