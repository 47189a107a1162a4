/**
 * Writes `fonts.json`: the fonts that stand on the screens of booting machines, with their source and licence.
 *
 *     node harness/console/screen/fonts/generate.ts
 *
 * Takes all of them from Debian's packages (13 or newer), which it downloads by apt-get: apt's sources must list `deb-src`,
 * too. Needs a C compiler, pkg-config and libpango1.0-dev, with which characters are drawn as kmscon draws them.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { dir } from 'tmp-promise';
import { consoleFonts, firmwareFonts, grubFont, kernelFonts, type NamedFont } from './formats/collect.ts';
import { DebianPackages } from './formats/debian.ts';
import type { Glyph } from './formats/glyphs.ts';
import { drawTrueType } from './formats/true-type.ts';

/** Latin, Greek, Cyrillic, punctuation, arrows, mathematics, frames and symbols: what boots write. */
const accepts = (code: number): boolean =>
  (code >= 0x20 && code <= 0x052f && (code < 0x7f || code > 0xa0)) ||
  (code >= 0x1e00 && code <= 0x27ff) ||
  (code >= 0x2900 && code <= 0x2bff);

/** What a terminal's greeting, prompt and programs need of a font that takes much room. */
const isCommon = (code: number): boolean =>
  (accepts(code) && code < 0x180) ||
  (code >= 0x2010 && code <= 0x2026) ||
  (code >= 0x2190 && code <= 0x2193) ||
  (code >= 0x2500 && code <= 0x25a0) ||
  [0x20ac, 0x25cf, 0x2713, 0x2717, 0x276f, 0x279c].includes(code);

/** Of characters that look the same the ASCII one is meant, then a frame's, then the first. */
const precedence = (code: number): number =>
  code < 0x7f ? code : code >= 0x2500 && code <= 0x259f ? code - 0x2500 + 0x7f : code + 0x100;

/** A font as `fonts.json` has it. */
interface Listed extends Omit<NamedFont, 'glyphs'> {
  /** Each pixel has a byte of its own: how much of it is ink. */
  isGrey?: true;
  glyphs: Glyph[];
}

const { path: work, cleanup } = await dir({ unsafeCleanup: true });
try {
  const packages = new DebianPackages(work);
  const folder = await packages.unpack('fonts-jetbrains-mono');
  await write([
    ...(await kernelFonts(packages)),
    ...(await consoleFonts(packages)),
    ...(await firmwareFonts(packages)),
    await grubFont(packages, accepts),
    ...(await drawTrueType({ work, folder, family: 'JetBrains Mono', accepts: isCommon })).map(grey),
  ]);
} finally {
  await cleanup();
}

function grey(font: Omit<NamedFont, 'source' | 'licence'>): Listed {
  return { ...font, isGrey: true, source: 'Debian fonts-jetbrains-mono', licence: 'OFL-1.1' };
}

/** One picture has one character. */
function distinct(glyphs: readonly Glyph[]): { own: Glyph[]; alike: string[] } {
  const byPicture = Map.groupBy(
    glyphs.filter(({ code }) => accepts(code)),
    ({ rows }) => rows.join(),
  );
  const own: Glyph[] = [];
  const alike: string[] = [];
  for (const some of byPicture.values()) {
    const codes = [...new Set(some.map(({ code }) => code))].sort((a, b) => precedence(a) - precedence(b));
    own.push({ code: codes[0] ?? 0, rows: some[0]?.rows ?? [] });
    const ascii = codes.filter((code) => code < 0x7f);
    if (ascii.length > 1) alike.push(String.fromCodePoint(...ascii));
  }
  return { own: own.sort((a, b) => a.code - b.code), alike };
}

async function write(fonts: readonly Listed[]): Promise<void> {
  const codes: number[] = [];
  const pictures: number[] = [];
  const listed = fonts.map(({ glyphs, ...font }) => {
    const stride = font.isGrey === true ? 1 : Math.ceil(font.width / 8);
    const { own, alike } = distinct(glyphs);
    for (const { code, rows } of own) {
      codes.push(code & 255, code >> 8);
      for (const row of rows) for (let at = stride - 1; at >= 0; at--) pictures.push((row >> (8 * at)) & 255);
    }
    console.log(`${font.name}: ${font.width}x${font.height}, ${own.length}`);
    return Object.assign(font, { count: own.length }, alike.length === 0 ? {} : { alike });
  });
  const data = brotliCompressSync(Uint8Array.from([...codes, ...pictures]), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  const text = JSON.stringify({ fonts: listed, data: data.toString('base64') }, null, 2);
  await writeFile(join(import.meta.dirname, 'fonts.json'), `${text}\n`);
}
