import type { Guest } from '../harness/console/guest.ts';
import type { Layout } from '../harness/console/keys/keyboard.ts';
import { HostError } from '../harness/errors.ts';
import { layoutName } from './contracts/contract.ts';
import { askKeys, type Asked } from './keyboard/ask.ts';
import { answerOf, type Interpreter, pressed, probe } from './keyboard/probe.ts';
import { recognise, type Recognition, wrongLines } from './keyboard/recognise.ts';
import { conclude, scenario } from './scenario.ts';
import { explainScreen } from './screen/explain.ts';
import { LineReader } from './screen/line-reader.ts';
import { startReader } from './screen/reader.ts';
import { endVtReader, startVtReader } from './screen/vt.ts';

/** Control characters in caret notation, as `cat -v` shows them. */
const visible = (text: string): string =>
  text.replaceAll(/[\x00-\x1f\x7f]/g, (one) => `^${String.fromCharCode(one.charCodeAt(0) ^ 0x40)}`);

/** Whose keyboard it is, in words. */
function describe({ layouts, wrong }: Recognition): string {
  const names = layouts.map(layoutName).join(' or ');
  if (wrong.length === 0) return names;
  return `a layout that is not known here, the nearest being ${names}`;
}

/** One place where keys are read, and what its layout should be. */
interface Place {
  /** After "expected the layout …". */
  where: string;
  layout: Layout;
  by: Interpreter;
}

const isNearest = (layout: Layout, { layouts }: Recognition): boolean =>
  layouts.map(layoutName).includes(layoutName(layout));

/** Holds what was read against the promise; a problem in one sentence, or null. */
function judge(guest: Guest, { where, layout, by }: Place, asked: Asked): string | null {
  const wanted = `expected the layout ${layoutName(layout)} ${where}`;
  if ('unsteady' in asked) {
    throw new HostError(
      'keys-lost',
      `${wanted}, and each time got something else: keys get lost on their way (${asked.unsteady.join('; ') || 'no key twice'}).`,
      { transient: true },
    );
  }
  const { answers } = asked;
  const recognition = recognise(answers, by);
  guest.note({
    action: `press ${probe.map(({ what, chords }) => `${what}: ${pressed(chords)}`).join('; ')} (places on a US keyboard)`,
    observed: `${where}: ${probe.map(({ what }, index) => `${what}: ${visible(answers[index] ?? '')}`).join('; ')}: as on ${describe(recognition)}`,
    access: 'keyboard',
  });
  const [first, ...others] = wrongLines(layout, answers, by);
  if (first === undefined) return null;
  // The kernel's keymaps are not XKB's, and differ from layout to layout in how much of AltGr they have.
  if (by === 'kernel' && others.length === 0 && first.what === 'AltGr' && isNearest(layout, recognition))
    return null;
  const got = visible(answers[probe.indexOf(first)] ?? '');
  return `${wanted}, the guest has ${describe(recognition)}: its ${first.what} give ${got} instead of ${visible(answerOf(layout, first, by) ?? '')}`;
}

/** The layout of the terminal on the virtual screen, where a shell is logged in. */
async function checkScreen(guest: Guest, layout: Layout): Promise<string | null> {
  const started = await startReader(guest, layout);
  if (started.reader === null) {
    const why = await explainScreen(guest, started.instead);
    return `no shell on the virtual screen to press keys into: ${why}`;
  }
  const { reader } = started;
  guest.note({
    action: reader.action,
    observed: `run by ${reader.user} on ${reader.place}`,
    access: 'keyboard',
  });
  // Where there is neither kmscon nor a session the shell is on the plain VT, and the keymap is the kernel's.
  const by = reader.place.includes('/dev/tty') ? 'kernel' : 'xkb';
  const asked = await askKeys(guest, new LineReader(guest, reader), layout, by);
  await reader.end();
  const problem = judge(guest, { where: 'on the virtual screen', layout, by }, asked);
  if (problem !== null) guest.note(await guest.screenshot('keyboard'));
  return problem;
}

/** The layout of the kernel's own terminals, where no terminal emulator is in between. */
async function checkVt(guest: Guest, layout: Layout): Promise<string | null> {
  const started = await startVtReader(guest);
  if (started.reader === null) {
    return `no plain VT to press keys into, where the layout ${layoutName(layout)} was expected: ${started.why}`;
  }
  const { reader } = started;
  const asked = await askKeys(guest, new LineReader(guest, reader), layout, 'kernel').finally(() =>
    endVtReader(guest, reader),
  );
  return judge(guest, { where: 'on the plain VT', layout, by: 'kernel' }, asked);
}

/** The keys of the machine's keyboard give the characters of the layouts that the contract names. */
export const keyboard = scenario(
  'keyboard',
  { contract: 'keyboard', needs: ['screen', 'keys'] },
  async ({ guest, contract }) => {
    const { vt, ...layout } = contract.keyboard;
    const screen = await checkScreen(guest, layout);
    return conclude([screen, vt === undefined ? null : await checkVt(guest, vt)]);
  },
);
