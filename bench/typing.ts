import { join } from 'node:path';
import type { Chord, VirtualKeyboard } from '../harness/console/keys/keyboard.ts';
import { charactersFor } from '../harness/console/keys/layouts.ts';
import { QmpKeyboard } from '../harness/console/keys/qmp-keyboard.ts';
import { seededRandom } from '../harness/console/testing/random.ts';
import { buildReferenceImages } from '../reference/build.ts';
import { formatPaths } from '../reference/formats.ts';
import { LineReader } from '../scenarios/screen/line-reader.ts';
import { startReader } from '../scenarios/screen/reader.ts';
import { bootReference, type ReferenceGuest } from '../test/reference-guest.ts';
import type { Result } from './result.ts';

const keys = 10_000;
/** Keys that the typist at a fixed pace presses. */
const fewKeys = 200;
/** A terminal keeps so much of a line until its Return, at least. */
const lineKeys = 100;
/** Lines that are read back together. */
const linesAtOnce = 10;
const swiss = { layout: 'ch', variant: '' };

/** Letters, digits, capitals and AltGr, each one key with what is held. */
const chords: readonly Chord[] = [
  ...[...'abcdefghijklmnopqrstuvwxyz0123456789'].map((key) => [key]),
  ...[...'abcdefgh27'].map((key) => ['shift', key]),
  ...['2', '3', '7'].map((key) => ['alt_r', key]),
];

/**
 * Types into a real guest's terminal under kmscon, and reads back what came: 10,000 keys that the guest acknowledges,
 * and in the same guest some at a person's fixed pace, which is what typists do that are told nothing.
 */
export async function typing(): Promise<Result[]> {
  const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
  await using reference = await bootReference(join(directory, formatPaths.qemu));
  const { guest, qmp } = reference;
  const fixed = new QmpKeyboard(qmp, { slowness: guest.slowness });
  const person = await typeInto(reference, fixed, fewKeys);
  const acknowledged = await typeInto(reference, guest.keyboard, keys);
  const pace = ({ perSecond }: Typed): string => `${perSecond.toFixed(1)} keys/s`;
  return [
    {
      name: `errors in ${keys} keys that the guest acknowledges`,
      value: acknowledged.errors,
      unit: 'errors',
      goal: 1,
      of: `${pace(acknowledged)}; a person's pace: ${person.errors} in ${fewKeys}, ${pace(person)}`,
    },
    {
      name: "time per acknowledged key over that of a typist with a person's fixed pace",
      value: person.perSecond / acknowledged.perSecond,
      goal: 0.5,
      of: `1 / ${pace(acknowledged)} over 1 / ${pace(person)}`,
    },
  ];
}

interface Typed {
  perSecond: number;
  errors: number;
}

async function typeInto({ guest }: ReferenceGuest, keyboard: VirtualKeyboard, count: number): Promise<Typed> {
  const started = await startReader(guest, swiss);
  if (started.reader === null) throw new Error('no shell on the virtual screen to type into');
  let pressed = 0;
  let seconds = 0;
  const timed: VirtualKeyboard = {
    type: (text, layout) => keyboard.type(text, layout),
    press: async (some) => {
      const began = performance.now();
      await keyboard.press(some);
      seconds += (performance.now() - began) / 1000;
      pressed += some.length;
    },
  };
  const reader = new LineReader({ ...guest, keyboard: timed }, started.reader);
  const random = seededRandom(4);
  let errors = 0;
  for (let left = count; left > 0; left -= lineKeys * linesAtOnce) {
    const lines = Array.from({ length: Math.min(linesAtOnce, left / lineKeys) }, () =>
      Array.from({ length: lineKeys }, () => chords[Math.floor(random() * chords.length)] ?? []),
    );
    const wanted = lines.map((line) => charactersFor(swiss, line));
    const got = await reader.ask(lines);
    errors += wanted.reduce((sum, line, index) => sum + difference(line, got?.[index] ?? ''), 0);
  }
  await started.reader.end();
  return { perSecond: pressed / seconds, errors };
}

/** Characters that are missing, too many or others. */
function difference(wanted: string, got: string): number {
  const others = [...wanted].filter((character, index) => character !== got[index]).length;
  return Math.max(others, got.length - wanted.length);
}
