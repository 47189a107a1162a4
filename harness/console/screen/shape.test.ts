import { describe, expect, it } from 'vitest';
import { PictureNovelty } from './picture-novelty.ts';
import { ScreenNovelty, shapeOf } from './shape.ts';

describe('a screen of text', () => {
  it.each([
    ['Time: 0:00:07 | Pass 12%', 'Time: 0:01:09 | Pass 13%'],
    ['Pattern: 0xfefefefefefefefe', 'Pattern: 0x01010101a1010101'],
    ['Testing ffffffff', 'Testing 80808080'],
    ['Pass 12% ####', 'Pass 14% ######'],
    ['[====>     ] 3 of 9', '[======>   ] 4 of 9'],
    ['working |', 'working /'],
  ])('%j and %j say the same', (one, other) => {
    expect(shapeOf(one)).toBe(shapeOf(other));
  });

  it('gets on where something stands there that did not before', () => {
    const novelty = new ScreenNovelty();
    expect(novelty.add(['Loading kernel', 'ok'])).toBe(true);
    expect(novelty.add(['ok', 'Loading kernel', ''])).toBe(true);
    expect(novelty.add(['Loading kernel', 'ok', ''])).toBe(false);
    expect(novelty.add(['Loading initrd'])).toBe(true);
    for (let time = 0; time < 100; time++) expect(novelty.add([`Loading initrd ${time} %`])).toBe(time === 0);
  });
});

describe('a picture', () => {
  const width = 640;
  const height = 480;
  /** Black, with so many white cells of 8 by 16 from this one on. */
  const picture = (from: number, cells: number) => {
    const pixels = new Uint8Array(3 * width * height);
    for (let cell = from; cell < from + cells; cell++) {
      const [row, column] = [Math.floor(cell / 80), cell % 80];
      pixels.fill(255, 3 * (row * 16 * width + column * 8), 3 * (row * 16 * width + column * 8 + 8));
    }
    return { width, height, pixels };
  };

  it('in which little moves counts, and one in which much does is new', () => {
    const novelty = new PictureNovelty();
    expect(novelty.add(picture(0, 800))).toBeNull();
    expect(novelty.add(picture(0, 800))).toBe('same');
    expect(novelty.add(picture(0, 808))).toBe('counters');
    expect(novelty.add(picture(0, 800))).toBe('same');
    expect(novelty.add(picture(0, 900))).toBe('new');
    expect(novelty.add({ width: 320, height: 200, pixels: new Uint8Array(3 * 320 * 200) })).toBe('new');
  });
});
