import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCArray, parseLaffStd, parseNames } from './c-source.ts';
import type { DebianPackages } from './debian.ts';
import { codePage437, type RawFont } from './glyphs.ts';
import { parsePf2 } from './pf2.ts';
import { parsePsf } from './psf.ts';

/** Where a font is from. */
export interface Origin {
  name: string;
  source: string;
  licence: string;
}

export type NamedFont = RawFont & Origin;

const named = (font: RawFont, origin: Origin): NamedFont => ({ ...font, ...origin });

/** What the kernel is built with (lib/fonts). */
export async function kernelFonts(packages: DebianPackages): Promise<NamedFont[]> {
  const folder = await packages.kernelFonts();
  // Whose characters beyond ASCII stand elsewhere.
  const onlyAscii = /6x11|acorn/;
  const files = (await readdir(folder)).filter((file) => /^font_.*\.c$/.test(file));
  return Promise.all(
    files.sort().map(async (file) => {
      const source = await readFile(join(folder, file), 'latin1');
      const [width, height] = ['width', 'height'].map((key) =>
        Number(new RegExp(`\\.${key}\\s*=\\s*(\\d+)`).exec(source)?.[1]),
      ) as [number, number];
      const codes = onlyAscii.test(file)
        ? codePage437.map((code) => (code >= 0x20 && code < 0x7f ? code : 0))
        : codePage437;
      const after = /struct font_data \w+ = \{\s*\{[^}]*\}, \{/;
      const font = parseCArray(source, { width, height, codes, after });
      return named(font, { name: file.slice(5, -2), source: `Linux lib/fonts/${file}`, licence: 'GPL-2.0' });
    }),
  );
}

/** What `setfont` loads. */
export async function consoleFonts(packages: DebianPackages): Promise<NamedFont[]> {
  const setup = await families(
    await packages.unpack('console-setup-linux'),
    /^(?:\w+)-((?:Fixed|VGA|Terminus)\w*)\.psf\.gz$/,
  );
  const data = await families(
    await packages.unpack('console-data'),
    /^(?:lat\d\w?|iso0\d|iso1\d|cp850|latarcyrheb|LatArCyrHeb|default8x)(?:-|\.f)?((?:sun)?\d+)(?:x\d+)?\+?\.psf\.gz$/,
  );
  return [
    ...[...setup].map(([name, font]) => {
      const licence = name.startsWith('Terminus') ? 'OFL-1.1' : 'public domain or GPL-2.0+';
      return named(font, { name, source: 'Debian console-setup-linux', licence });
    }),
    ...[...data].map(([name, font]) =>
      named(font, { name: `kbd ${name}`, source: 'Debian console-data', licence: 'GPL-2.0+' }),
    ),
  ];
}

/** Fonts of one face and size together: there is a file for each group of languages. */
async function families(root: string, pattern: RegExp): Promise<Map<string, RawFont>> {
  const folder = join(root, 'usr/share/consolefonts');
  const merged = new Map<string, RawFont>();
  for (const file of (await readdir(folder)).sort()) {
    const face = pattern.exec(file)?.[1];
    const font = face === undefined ? null : parsePsf(await readFile(join(folder, file)));
    if (face === undefined || font === null) continue;
    const name = `${face} ${font.width}x${font.height}`;
    const before = merged.get(name);
    if (before === undefined) merged.set(name, font);
    else before.glyphs.push(...font.glyphs);
  }
  return merged;
}

/** Those of the firmware: EDK2's and the VGA BIOS's. */
export async function firmwareFonts(packages: DebianPackages): Promise<NamedFont[]> {
  const [glyphs = '', names = ''] = await packages.sourceFiles('edk2', [
    'GraphicsConsoleDxe/LaffStd.c',
    'Protocol/SimpleTextOut.h',
  ]);
  const [vga = ''] = await packages.sourceFiles('seabios', ['vgasrc/vgafonts.c']);
  return [
    named(parseLaffStd(glyphs, parseNames(names)), {
      name: 'edk2',
      source: 'EDK2 GraphicsConsoleDxe/LaffStd.c',
      licence: 'BSD-2-Clause-Patent',
    }),
    named(parseCArray(vga, { width: 8, height: 16, after: /vgafont16\[256 \* 16\] VAR16 = \{/ }), {
      name: 'seabios',
      source: 'SeaBIOS vgasrc/vgafonts.c',
      licence: 'public domain',
    }),
  ];
}

/** GRUB's, which is Unifont. */
export async function grubFont(
  packages: DebianPackages,
  accepts: (code: number) => boolean,
): Promise<NamedFont> {
  const file = await readFile(join(await packages.unpack('grub-common'), 'usr/share/grub/unicode.pf2'));
  return named(parsePf2(file, { width: 8, accepts }), {
    name: 'unifont',
    source: 'GNU Unifont of Debian grub-common',
    licence: 'GPL-2.0+ with font exception or OFL-1.1',
  });
}
