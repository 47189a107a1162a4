import { altGrOf, charactersFor } from '../../harness/console/keys/layouts.ts';
import type { Chord, Layout } from '../../harness/console/keys/keyboard.ts';

/** Keys that are pressed as one line. */
export interface ProbeLine {
  /** What they try, for people. */
  what: string;
  chords: readonly Chord[];
}

/** What makes characters of keys: XKB (kmscon, and any graphical session), or the kernel's keymap on a plain VT. */
export type Interpreter = 'xkb' | 'kernel';

const keys = (text: string): Chord[] => text.split(' ').map((chord) => chord.split('+'));

/**
 * Keys by their place on a US keyboard that tell the known layouts apart. Each key that is dead on some layout is
 * followed by a letter that it goes with: XKB and the kernel disagree on what an impossible pair gives.
 */
export const probe: readonly ProbeLine[] = [
  { what: 'letters', chords: keys('q w e a s m z y shift+z') },
  { what: 'digits', chords: keys('1 2 7 0 shift+2 shift+3 shift+7') },
  { what: 'signs', chords: keys('semicolon minus slash comma shift+dot shift+minus') },
  { what: 'AltGr', chords: keys('alt_r+2 alt_r+3 alt_r+7') },
  {
    what: 'dead keys',
    chords: keys('equal a bracket_right a bracket_left e apostrophe a backslash a grave_accent a'),
  },
];

/**
 * What a line gives on a layout; null where that layout says nothing of its keys: where AltGr is neither AltGr nor Alt,
 * and on a VT where it is Alt, since kernel keymaps all have an AltGr.
 */
export function answerOf(layout: Layout, { what, chords }: ProbeLine, by: Interpreter): string | null {
  if (what === 'AltGr') {
    const role = altGrOf(layout);
    if (role === 'other' || (role === 'alt' && by === 'kernel')) return null;
  }
  return charactersFor(layout, chords);
}

/** Chords, as people read them. */
export const pressed = (chords: readonly Chord[]): string => chords.map((chord) => chord.join('+')).join(' ');
