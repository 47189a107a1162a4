import type { Guest } from '../../harness/console/guest.ts';
import type { Layout } from '../../harness/console/keys/keyboard.ts';
import type { LineReader } from '../screen/line-reader.ts';
import { answerOf, type Interpreter, probe } from './probe.ts';
import { recognise } from './recognise.ts';
import { explainSlip } from './slips.ts';

/** How often a line is typed until its answer is believed. */
const attempts = 5;

export type Asked =
  /** What each line of the probe gave. */
  | { answers: string[] }
  /** No answer came twice: keys are lost, repeated or swapped on their way. What was seen of that. */
  | { unsteady: string[] };

/**
 * Types the probe into a reader and answers with what the guest made of it. A line's answer is believed when it is the
 * expected one, when all of them are exactly some layout's, or when it came twice: what happens to a key on its way does
 * not happen twice in the same place.
 */
export async function askKeys(
  guest: Guest,
  reader: LineReader,
  expected: Layout,
  by: Interpreter,
): Promise<Asked> {
  const tries: string[][] = probe.map(() => []);
  const believed = (index: number): string | undefined => {
    const line = probe[index];
    const seen = tries[index] ?? [];
    const wanted = line && answerOf(expected, line, by);
    return seen.find((answer, at) => answer === wanted || seen.indexOf(answer) < at);
  };
  const noted: string[] = [];
  let answers: (string | undefined)[] = [];
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const open = probe.flatMap((line, index) => (believed(index) === undefined ? [{ line, index }] : []));
    if (open.length === 0) break;
    const got = await reader.ask(open.map(({ line }) => line.chords));
    if (got === null) {
      noted.push('a Return was lost or came twice');
      continue;
    }
    for (const [at, { index }] of open.entries()) tries[index]?.push(got[at] ?? '');
    const last = tries.map((seen, index) => believed(index) ?? seen.at(-1) ?? '');
    const { layouts, wrong } = recognise(last, by);
    answers = wrong.length === 0 ? last : probe.map((_, index) => believed(index));
    if (wrong.length === 0) break;
    for (const { line, index } of open) {
      const slip = explainSlip(layouts[0] ?? expected, line.chords, tries[index]?.at(-1) ?? '');
      if (slip !== null) noted.push(`${line.what}: ${slip}`);
    }
  }
  if (noted.length > 0) {
    guest.note({ action: 'compare what was typed with what arrived', observed: noted.join('; ') });
  }
  const all = answers.filter((answer) => answer !== undefined);
  return all.length === probe.length ? { answers: all } : { unsteady: noted };
}
