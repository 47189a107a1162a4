import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import encodeQR from 'qr';
import { describe, expect, it } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { paintText } from '../testing/paint.ts';
import { isBlank, parsePpm, type Picture } from './picture.ts';
import { readQrCode } from './qr-code.ts';
import { describeScreen } from './screen.ts';

const credentials = JSON.stringify({
  pass: 'apple-banana-cherry',
  tor: `${'abcdefg2'.repeat(7)}.onion`,
  addrs: ['10.0.2.15', 'fec0::5054:ff:fe12:3456'],
});

function screen(width = 1280, height = 800): Picture {
  return { width, height, pixels: new Uint8Array(3 * width * height) };
}

function fill({ width, pixels }: Picture, x: number, y: number, w: number, h: number, colour: number): void {
  for (let row = y; row < y + h; row++) pixels.fill(colour, 3 * (row * width + x), 3 * (row * width + x + w));
}

/** A console with some lines of text and below them a code, of character cells of this size, two modules each. */
function console(text: string, cell: { width: number; height: number }, light: 'modules' | 'paper'): Picture {
  const picture = screen();
  for (let x = 0; x < 1000; x += 9)
    for (let y = 0; y < 96; y += 16) fill(picture, x, y, 2 + ((x + y) % 5), 10, 170);
  const [width, height] = [cell.width, cell.height / 2];
  encodeQR(text, 'raw', { border: 2 }).forEach((modules, row) =>
    modules.forEach((dark, column) => {
      if (dark === (light === 'modules'))
        fill(picture, 24 + column * width, 112 + row * height, width, height, 170);
    }),
  );
  return picture;
}

const ppm = ({ width, height, pixels }: Picture): Buffer =>
  Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]);

describe('a QR code on a console', () => {
  it.each([
    ['8 by 16, as utf8 by qrencode', { width: 8, height: 16 }, 'paper'],
    ['8 by 16, inverted', { width: 8, height: 16 }, 'modules'],
    ['9 by 20, a font whose modules are not quite square', { width: 9, height: 20 }, 'paper'],
    ['4 by 8', { width: 4, height: 8 }, 'modules'],
  ] as const)('is read: %s', (_, cell, light) => {
    expect(readQrCode(console(credentials, cell, light))).toBe(credentials);
  });

  it('is not seen where there is none', () => {
    const picture = console(credentials, { width: 8, height: 16 }, 'paper');
    fill(picture, 0, 100, 1280, 700, 0);
    expect(readQrCode(picture)).toBeNull();
    expect(readQrCode(screen(1, 1))).toBeNull();
  });

  it('is not read where a part is covered', () => {
    const picture = console(credentials, { width: 8, height: 16 }, 'paper');
    fill(picture, 100, 160, 300, 300, 0);
    expect(readQrCode(picture)).toBeNull();
  });
});

describe('a picture', () => {
  it('is read as QEMU writes it', () => {
    const picture = { width: 2, height: 1, pixels: Uint8Array.of(1, 2, 3, 10, 32, 10) };
    expect(parsePpm(ppm(picture))).toEqual({ ...picture, pixels: expect.anything() });
    expect([...(parsePpm(ppm(picture))?.pixels ?? [])]).toEqual([...picture.pixels]);
  });

  it.each([
    ['cut off', 'P6\n2 2\n255\nabc'],
    ['empty', 'P6\n0 0\n255\n'],
    ['of another kind', '\x89PNG\r\n\x1A\n'],
  ])('is none: %s', (_, text) => {
    expect(parsePpm(Buffer.from(text, 'latin1'))).toBeNull();
  });

  it('is blank in one colour only', () => {
    const picture = screen(8, 8);
    picture.pixels.fill(7);
    expect(isBlank(picture)).toBe(true);
    picture.pixels[3 * 63 + 2] = 8;
    expect(isBlank(picture)).toBe(false);
  });
});

it('says what the screen shows', async () => {
  const path = join(await scratchDirectory(), 'screen.ppm');
  const describe = (picture: Picture): Promise<unknown> =>
    describeScreen(async (_, args) => writeFile(String(args?.['filename']), ppm(picture)), path);
  expect(await describe(screen())).toEqual({ shows: 'blank', text: null });
  expect(await describe(console('hello', { width: 8, height: 16 }, 'paper'))).toEqual({
    shows: 'a QR code: hello',
    text: null,
  });
  const boxes = screen();
  fill(boxes, 10, 10, 10, 10, 200);
  expect(await describe(boxes)).toEqual({ shows: null, text: null });
  const text = screen();
  paintText(text, ['', 'login: root'], { font: '8x16', x: 0, y: 0, ink: 0xaaaaaa, paper: 0 });
  expect(await describe(text)).toEqual({ shows: null, text: '\nlogin: root\n' });
});
