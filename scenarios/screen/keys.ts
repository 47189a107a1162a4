import { randomInt } from 'node:crypto';
import type { Chord } from '../../harness/console/keys/keyboard.ts';

/** Letters at the same place on QWERTY, QWERTZ and AZERTY: what is typed with them arrives whatever the layout is. */
const neutralLetters = 'bcdefghijklnoprstuvx';

/** A word that nothing else in the guest is called, and that any keyboard types. */
export const neutralWord = (length = 8): string =>
  Array.from({ length }, () => neutralLetters[randomInt(neutralLetters.length)]).join('');

/** The keys of a text of neutral letters and spaces, by their place on a US keyboard. */
export const neutralKeys = (text: string): Chord[] =>
  [...text].map((letter) => [letter === ' ' ? 'spc' : letter]);

export const enter: Chord = ['ret'];
