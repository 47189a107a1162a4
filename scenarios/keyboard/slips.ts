import { charactersFor } from '../../harness/console/keys/layouts.ts';
import type { Chord, Layout } from '../../harness/console/keys/keyboard.ts';

const chordName = (chord: Chord): string => chord.join('+');

/** What one key's fate on its way makes of the keys that were pressed, and how that is called. */
function* slips(chords: readonly Chord[]): Generator<{ pressed: Chord[]; slip: string }> {
  for (const [index, chord] of chords.entries()) {
    const before = chords.slice(0, index);
    const after = chords.slice(index + 1);
    yield { pressed: [...before, ...after], slip: `the key ${chordName(chord)} was lost` };
    yield { pressed: [...before, chord, chord, ...after], slip: `the key ${chordName(chord)} came twice` };
    const [next, ...rest] = after;
    if (next !== undefined) {
      const slip = `the key ${chordName(next)} came before ${chordName(chord)}`;
      yield { pressed: [...before, next, chord, ...rest], slip };
    }
  }
}

/** How a wrong answer came to be if these were the keys on that layout: one was lost, repeated or overtaken; else null. */
export function explainSlip(layout: Layout, chords: readonly Chord[], answer: string): string | null {
  for (const { pressed, slip } of slips(chords)) if (charactersFor(layout, pressed) === answer) return slip;
  return null;
}
