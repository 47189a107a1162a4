import { charactersFor, knownLayouts } from '../harness/console/layouts.ts';
import type { Chord, Layout } from '../harness/console/keyboard.ts';
import type { Guest } from '../harness/console/guest.ts';
import { HostError } from '../harness/errors.ts';
import { explainScreen } from './screen/explain.ts';
import { readBack, startReader } from './screen/reader.ts';
import { layoutName } from './contracts/contract.ts';
import type { Outcome, Scenario } from './scenario.ts';

/**
 * Keys by their place on a US keyboard that mean something else on each layout: the letters tell `us`, `ch(fr)` and
 * `fr` from `ch` and `de`, the rest tells those two apart.
 */
export const probe: readonly Chord[] = [
  ...['z', 'y', 'semicolon', 'apostrophe', 'bracket_left', 'slash'].map((key) => [key]),
  ...['grave_accent', 'minus', 'backslash'].map((key) => [key]),
  ['alt_r', '2'],
  ['shift', '4'],
];

const attempts = 3;

const pressed = (chords: readonly Chord[]): string => chords.map((chord) => chord.join('+')).join(' ');

/** Control characters in caret notation, as `cat -v` shows them. */
const visible = (text: string): string =>
  text.replaceAll(/[\x00-\x1f\x7f]/g, (one) => `^${String.fromCharCode(one.charCodeAt(0) ^ 0x40)}`);

/** The same wrong answer twice is the guest's; different ones are lost keys. */
export const repeated = (answers: readonly string[]): string | undefined =>
  answers.find((answer, index) => answers.indexOf(answer) < index);

/** Whose keyboard answers like this, in words. */
export function recognise(answer: string): string {
  const layouts = knownLayouts.filter((layout) => charactersFor(layout, probe) === answer);
  return layouts.length === 0 ? 'a layout that is not known here' : layouts.map(layoutName).join(' or ');
}

/** Types the probe until the answer is right, or wrong in the same way twice. */
async function askKeys(guest: Guest, expected: string): Promise<string[] | { problem: string }> {
  const answers: string[] = [];
  while (answers.length < attempts && repeated(answers) === undefined) {
    const started = await startReader(guest);
    if (started.reader === null) {
      const why = await explainScreen(guest, started.instead);
      return { problem: `no shell on the virtual screen to press keys into: ${why}` };
    }
    guest.note({
      action: `press ${pressed(probe)} (places on a US keyboard) on the virtual screen`,
      observed: `into tee, run by ${started.reader.user} on ${started.reader.place}`,
      access: 'keyboard',
    });
    const { bytes } = await readBack(guest, started.reader, probe);
    const answer = bytes.toString('utf8');
    guest.note({ action: 'compare with the known layouts', observed: `as on ${recognise(answer)}` });
    answers.push(answer);
    if (answer === expected) break;
  }
  return answers;
}

async function check(guest: Guest, layout: Layout): Promise<Outcome> {
  const expected = charactersFor(layout, probe);
  const wanted = `expected the layout ${layoutName(layout)} on the virtual screen, where the pressed keys give ${expected}`;
  const answers = await askKeys(guest, expected);
  if ('problem' in answers) return { verdict: 'failed', reason: answers.problem };
  if (answers.at(-1) === expected) return { verdict: 'passed' };
  guest.note(await guest.screenshot('keyboard'));
  const got = repeated(answers);
  if (got === undefined) {
    throw new HostError(
      'keys-lost',
      `${wanted}, and each time got something else: keys get lost on their way (${answers.map(visible).join(', ')}).`,
      { transient: true },
    );
  }
  return { verdict: 'failed', reason: `${wanted}, got ${visible(got)}: the guest has ${recognise(got)}` };
}

/** The keys of the machine's keyboard give the characters of the layout that the contract names. */
export const keyboard: Scenario = {
  name: 'keyboard',
  file: 'scenarios/keyboard.ts',
  async check(guest, contract) {
    if (contract.keyboard === null)
      return { verdict: 'skipped', reason: 'the contract promises no keyboard layout' };
    return check(guest, contract.keyboard);
  },
};
