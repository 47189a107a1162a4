import type { Chord, Layout } from '../../harness/console/keys/keyboard.ts';
import { chordsForText, knownLayouts } from '../../harness/console/keys/layouts.ts';

/** How a command of plain letters is typed on one keyboard. */
export interface Spelling {
  chords: Chord[];
  /** Ctrl-C: drops what stands on the line, and ends what reads it. */
  interrupt: Chord;
  /** Ctrl-D at the beginning of a line. */
  endOfFile: Chord;
}

const us: Layout = { layout: 'us', variant: '' };

/**
 * How a text is typed on the likeliest layout, then on all others. Few differ: QWERTY, QWERTZ and AZERTY have most
 * letters in the same place.
 */
export function spellings(text: string, likeliest: Layout | null): Spelling[] {
  const unique = new Map<string, Spelling>();
  for (const layout of [likeliest ?? us, us, ...knownLayouts]) {
    const withControl = (letter: string): Chord => ['ctrl', ...(chordsForText(layout, letter)[0] ?? [])];
    const spelling = {
      chords: chordsForText(layout, text),
      interrupt: withControl('c'),
      endOfFile: withControl('d'),
    };
    const key = JSON.stringify(spelling);
    if (!unique.has(key)) unique.set(key, spelling);
  }
  return [...unique.values()];
}
