import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../testing/random.ts';
import { blankPicture, fillBox, paintText, setPixel } from '../../testing/paint.ts';
import { loadFonts } from '../fonts/fonts.ts';
import { ScreenReader } from './screen-reader.ts';
import { gap, type TextRegion } from './text-region.ts';
import { textRows } from './text-rows.ts';

const lines = [
  'Loading Linux 6.12.0-amd64 ...',
  'Loading initial ramdisk ...',
  '',
  '[    0.512345] EDD: none.',
];
const grey = 0xaaaaaa;

const read = (picture: Parameters<ScreenReader['read']>[0]): readonly TextRegion[] =>
  new ScreenReader().read(picture);
const rowsOf = (picture: Parameters<ScreenReader['read']>[0]): string[] =>
  textRows(read(picture)).filter((row) => row !== '');
const written = lines.filter((line) => line !== '');

describe('text on a screen', () => {
  it.each(loadFonts().filter(({ isGrey }) => !isGrey))('is read in every font: $name', ({ name }) => {
    const picture = blankPicture(800, 600);
    paintText(picture, lines, { font: name, x: 0, y: 0, ink: grey, paper: 0 });
    expect(rowsOf(picture)).toEqual(written);
  });

  it('is read wherever its grid begins', () => {
    const picture = blankPicture(640, 480, 0x000080);
    paintText(picture, lines, { font: '8x16', x: 37, y: 101, ink: 0xffffff, paper: 0x000080 });
    const [region] = read(picture);
    expect(region).toMatchObject({ width: 8, height: 16, x: 37 % 8, gaps: 0 });
    expect(rowsOf(picture).map((row) => row.trim())).toEqual(written);
  });

  it('is read in any colours, dark on light, too, and an entry that is picked by its paper', () => {
    const picture = blankPicture(640, 480);
    paintText(picture, ['an entry of a menu'], { font: '8x16', x: 0, y: 0, ink: grey, paper: 0 });
    paintText(picture, ['the one that is picked'], { font: '8x16', x: 0, y: 16, ink: 0, paper: grey });
    paintText(picture, ['Failed to boot: why?'], { font: '8x16', x: 0, y: 32, ink: 0xff0000, paper: 0 });
    const [region] = read(picture);
    expect(region?.rows.slice(0, 3)).toEqual([
      'an entry of a menu',
      'the one that is picked',
      'Failed to boot: why?',
    ]);
    expect(region?.papers[region.columns]).toBe(grey);
    expect(region?.papers[0]).toBe(0);
  });

  it('is read before a picture, whose own cells say nothing', () => {
    const random = seededRandom(3);
    const picture = blankPicture(640, 480);
    for (let y = 0; y < 480; y++)
      for (let x = 0; x < 640; x++) setPixel(picture, x, y, Math.floor(random() * 0x7f7f7f));
    paintText(picture, lines, { font: 'unifont', x: 80, y: 64, ink: 0xffffff });
    expect(rowsOf(picture).map((row) => row.trim())).toEqual(written);
  });

  it('has a cursor that hides nothing', () => {
    const picture = blankPicture(640, 480);
    paintText(picture, ['grub> set root', 'login:'], { font: '8x16', x: 0, y: 0, ink: grey, paper: 0 });
    fillBox(picture, { x: 7 * 8, y: 16 + 14, width: 8, height: 2 }, grey);
    const [region] = read(picture);
    expect(region?.rows.slice(0, 2)).toEqual(['grub> set root', 'login:']);
    expect(region?.cursor).toEqual({ row: 1, column: 7 });
  });

  it('is a gap where nobody knows it, and where two fonts would have it be two things', () => {
    const picture = blankPicture(640, 480);
    paintText(picture, ['unknown here'], { font: '8x16', x: 0, y: 0, ink: grey, paper: 0 });
    fillBox(picture, { x: 8 * 8, y: 3, width: 5, height: 7 }, grey);
    expect(rowsOf(picture)).toEqual([`unknown ${gap}ere`]);
  });

  it('is read on two grids beside each other', () => {
    const picture = blankPicture(800, 600);
    paintText(picture, ['BdsDxe: loading Boot0001'], { font: 'edk2', x: 16, y: 5, ink: grey, paper: 0 });
    paintText(picture, ['Terminus says this below'], {
      font: 'Terminus32x16 16x32',
      x: 16,
      y: 305,
      ink: 0xffffff,
      paper: 0,
    });
    expect(rowsOf(picture).map((row) => row.trim())).toEqual([
      'BdsDxe: loading Boot0001',
      'Terminus says this below',
    ]);
  });

  it('is not seen in what is none', () => {
    const random = seededRandom(5);
    const noise = blankPicture(640, 480);
    for (let at = 0; at < noise.pixels.length; at++) noise.pixels[at] = random() < 0.5 ? 0 : 255;
    const boxes = blankPicture(640, 480);
    for (let at = 0; at < 200; at++) {
      const [x, y] = [Math.floor(random() * 600), Math.floor(random() * 440)];
      fillBox(
        boxes,
        { x, y, width: 1 + Math.floor(random() * 40), height: 1 + Math.floor(random() * 40) },
        grey,
      );
    }
    for (const picture of [noise, boxes, blankPicture(640, 480), blankPicture(1, 1)])
      expect(rowsOf(picture)).toEqual([]);
  });
});

it('a screen that changes is read as one that is new', () => {
  const reader = new ScreenReader();
  const picture = blankPicture(640, 480);
  const shown: string[] = [];
  for (let line = 0; line < 6; line++) {
    shown.push(`line ${line} of a boot's messages`);
    paintText(picture, shown, { font: '8x16', x: 0, y: 0, ink: grey, paper: 0 });
    const next = { ...picture, pixels: picture.pixels.slice() };
    expect(textRows(reader.read(next))).toEqual(textRows(read(next)));
    expect(textRows(reader.read(next)).slice(0, shown.length)).toEqual(shown);
  }
  // Another font on another grid takes its place.
  const other = blankPicture(640, 480);
  paintText(other, lines, { font: 'Terminus20x10 10x20', x: 0, y: 0, ink: grey, paper: 0 });
  expect(textRows(reader.read(other)).slice(0, 4)).toEqual(lines);
  expect(textRows(reader.read(blankPicture(640, 480)))).toEqual([]);
});
