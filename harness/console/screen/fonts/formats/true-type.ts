import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Glyph, RawFont } from './glyphs.ts';

type DrawnFont = RawFont & { name: string };

interface Drawing {
  /** A directory for what is made on the way. */
  work: string;
  /** Where the family's files are, and no others. */
  folder: string;
  /** Its name, and the one of its files. */
  family: string;
  accepts: (code: number) => boolean;
}

/** Pixels from the top of a line to its foot: what kmscon's `font-size` and `font-dpi` come to. */
const pangoSizes = [13, 14, 15, 16, 17, 18, 20, 21, 24];
/** Heights of a cell, in pixels. */
const cellHeights = [14, 15, 16, 17, 18, 19, 20, 21, 22, 24, 26, 28, 30, 32];

/** As fontconfig is set up on Debian (10-hinting-slight.conf) and NixOS (fonts.fontconfig.hinting.style). */
const hinting =
  '<match target="pattern"><edit name="hintstyle" mode="append"><const>hintslight</const></edit></match>';

/** A font of outlines as kmscon shows it, in several sizes, each plain and bold: `rows` has all pixels, 0 to 255. */
export async function drawTrueType(drawing: Drawing): Promise<DrawnFont[]> {
  return [...(await drawByPango(drawing)), ...(await drawByFreeType(drawing))];
}

/** As kmscon up to 9.3 does. */
async function drawByPango({ work, folder, family, accepts }: Drawing): Promise<DrawnFont[]> {
  const program = await compile('draw-by-pango', 'pangoft2', work);
  const configuration = join(work, 'fonts.conf');
  await writeFile(
    configuration,
    `<?xml version="1.0"?><fontconfig><dir>${folder}</dir><cachedir>${join(work, 'cache')}</cachedir>${hinting}</fontconfig>`,
  );
  const codes = codesOf(accepts);
  const fonts: DrawnFont[] = [];
  for (const size of pangoSizes) {
    for (const bold of [0, 1]) {
      const { stdout } = await execa(program, [family, String(size), String(bold)], {
        input: codes.map((code) => String.fromCodePoint(code)).join('\n'),
        env: { FONTCONFIG_FILE: configuration },
      });
      fonts.push({ ...parse(stdout, codes), name: `${family} ${size}${bold === 1 ? ' bold' : ''}` });
    }
  }
  return fonts;
}

/** As later ones do. */
async function drawByFreeType({ work, folder, family, accepts }: Drawing): Promise<DrawnFont[]> {
  const program = await compile('draw-by-freetype', 'freetype2', work);
  const codes = codesOf(accepts);
  const fonts: DrawnFont[] = [];
  for (const height of cellHeights) {
    for (const style of ['Regular', 'Bold']) {
      const name = `${family.replaceAll(' ', '')}-${style}.ttf`;
      const { stdout: file } = await execa('find', [folder, '-name', name]);
      const { stdout } = await execa(program, [file, String(height)], { input: codes.join('\n') });
      fonts.push({
        ...parse(stdout, codes),
        name: `${family} in ${height} pixels${style === 'Bold' ? ', bold' : ''}`,
      });
    }
  }
  return fonts;
}

const codesOf = (accepts: (code: number) => boolean): number[] =>
  Array.from({ length: 0x2c00 }, (_, code) => code).filter(accepts);

async function compile(source: string, library: string, work: string): Promise<string> {
  const program = join(work, source);
  const { stdout: flags } = await execa('pkg-config', ['--cflags', '--libs', library]);
  await execa('cc', [join(import.meta.dirname, `${source}.c`), '-o', program, ...flags.trim().split(/\s+/)]);
  return program;
}

function parse(output: string, codes: readonly number[]): RawFont {
  const [head = '', ...lines] = output.split('\n');
  const [width, height] = head.split(' ').map(Number) as [number, number];
  const glyphs = lines.flatMap((line, index): Glyph[] => {
    const [hex = '', isWide, isUnknown] = line.split(' ');
    if (isWide !== '0' || isUnknown !== '0') return [];
    return [{ code: codes[index] ?? 0, rows: [...Buffer.from(hex, 'hex')] }];
  });
  return { width, height, glyphs };
}
