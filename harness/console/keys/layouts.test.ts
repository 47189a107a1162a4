import { describe, expect, it } from 'vitest';
import type { Chord, Layout } from './keyboard.ts';
import { charactersFor, chordsForText, knownLayouts, typableCharacters } from './layouts.ts';

const layout = (name: string, variant = ''): Layout => ({ layout: name, variant });
const single = (keys: string): Chord[] => keys.split(' ').map((key) => [key]);

describe('what keys give', () => {
  const probe: Chord[] = [
    ...single('z y semicolon apostrophe bracket_left slash grave_accent minus backslash'),
    ['alt_r', '2'],
    ['shift', '4'],
    ...single('bracket_right a equal e'),
  ];

  it.each([
    ['us', '', "zy;'[/`-\\\x1b2$]a=e"],
    ['ch', '', "yzöäü-§'$@çäê"],
    ['ch', 'fr', "yzéàè-§'$@çäê"],
    ['ch', 'de_nodeadkeys', "yzöäü-§'$@ç¨a^e"],
    // The dead circumflex and `ß` make nothing, as in X and kmscon.
    ['de', '', 'yzöäü-#²$+aé'],
    ['gb', '', "zy;'[/`-#²$]a=e"],
    ['fr', '', 'wymù²)*~4$q=e'],
  ])('%s(%s)', (name, variant, expected) => {
    expect(charactersFor(layout(name, variant), probe)).toBe(expected);
  });

  it('knows control characters and the keys that are the same everywhere', () => {
    expect(
      charactersFor(layout('ch'), [
        ['ctrl', 'c'],
        ['ret'],
        ['tab'],
        ['spc'],
        ['shift', 'spc'],
        ['esc'],
        ['f1'],
        ['shift', 'a'],
      ]),
    ).toBe('\x03\n\t  \x1bA');
  });
});

describe('which keys type a text', () => {
  it.each([
    ['ch', '/', [['shift', '7']]],
    ['ch', '~', [['alt_r', 'equal'], ['spc']]],
    ['ch', '@', [['alt_r', '2']]],
    ['ch', 'Ô', [['equal'], ['shift', 'o']]],
    ['de', '/', [['shift', '7']]],
    ['us', '<', [['shift', 'comma']]],
    ['jp', '_', [['shift', 'ro']]],
    ['us', 'ls\n', [['l'], ['s'], ['ret']]],
  ])('%s: %s', (name, text, chords) => {
    expect(chordsForText(layout(name), text)).toEqual(chords);
  });

  it('holds Caps Lock where the layout has its third level there', () => {
    expect(chordsForText(layout('de', 'neo'), 'x/')).toEqual([['q'], ['caps_lock', 's']]);
  });

  it.each(knownLayouts)('$layout($variant) gives back every ASCII text', (one) => {
    const text = `${Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')}\n\t`;
    expect(charactersFor(one, chordsForText(one, text))).toBe(text);
  });
});

describe('every character that a layout can type', () => {
  it.each(knownLayouts)('$layout($variant): dead keys and AltGr are pressed and read back', (one) => {
    const characters = typableCharacters(one);
    expect(characters.length).toBeGreaterThanOrEqual(95);
    for (const character of characters)
      expect(charactersFor(one, chordsForText(one, character))).toBe(character);
    expect(charactersFor(one, chordsForText(one, characters.join('')))).toBe(characters.join(''));
  });

  it.each([
    ['de', 'éèêâ@€µ|{}[]~\\'],
    ['ch', 'äöüéàèêñ@#¢|[]{}€'],
    ['fr', 'êëîùçà@#€^~'],
    ['es', 'áéíóúñç¿¡@#€'],
    ['br', 'ãõáéíçà'],
    ['pt', 'ãõáéíç€'],
    ['se', 'åäöéü@£$€'],
  ])('%s: %s', (name, text) => {
    expect(charactersFor(layout(name), chordsForText(layout(name), text))).toBe(text);
  });
});

describe('what is refused', () => {
  it('a layout that nobody knows, with those that are known', () => {
    expect(() => chordsForText(layout('xx', 'yy'), 'a')).toThrow(
      /^Expected a keyboard layout of us, .*ch\(fr\).*; got xx\(yy\)\.$/,
    );
  });

  it('a character that the layout does not have', () => {
    expect(() => chordsForText(layout('us'), 'ж')).toThrow('The layout us has no keys for "ж".');
  });
});
