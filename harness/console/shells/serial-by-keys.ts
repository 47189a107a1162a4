import { GuestError } from '../../errors.ts';
import type { Chord, Layout, VirtualKeyboard } from '../keys/keyboard.ts';
import { chordsForText, knownLayouts } from '../keys/layouts.ts';
import type { Transcript } from '../serial/transcript.ts';

/** Seconds that a shell may take to start and to prompt, after the last key. */
const answerSeconds = 5;

export interface KeysToSerial {
  keyboard: VirtualKeyboard;
  /** What the serial port says. */
  transcript: Transcript;
  /** The port as the guest names it, e.g. `/dev/ttyS0`. */
  device: string;
  /** What the keyboard should be; null: nothing is promised. */
  layout: Layout | null;
  /** Who should be logged in on the screen. */
  user: string;
  slowness: number;
  signal: AbortSignal;
  /** What the port must say for a proof; letters that every layout has in the same place. */
  word: string;
  /** Resolves when the next line may be typed. */
  mayType: () => Promise<void>;
  /** Resolves when whoever reads the keys may be interrupted: a login that is under way would end for good. */
  mayInterrupt: () => Promise<void>;
  /** Is told each command before it is typed. */
  onTyping?: (command: string) => void;
}

/**
 * Has the shell on the virtual screen start another one on the serial port, by keys. For guests that are silent on
 * serial: nothing but the keys of a person changes them. Types until the port says the word that was typed, and a shell
 * prompts behind it: a key that was lost, repeated or overtaken spoils either. Without bound; the signal carries the budget.
 * @returns the command that did it.
 */
export async function speakOnSerial(options: KeysToSerial): Promise<string> {
  const { keyboard, transcript, signal, slowness, word, mayType, mayInterrupt, onTyping } = options;
  let isFirst = true;
  for (const { text, interrupt, chords } of attempts(options)) {
    await mayType();
    // Nothing stands on the line yet.
    const before = isFirst ? [] : [interrupt];
    if (!isFirst) await mayInterrupt();
    isFirst = false;
    signal.throwIfAborted();
    const from = transcript.end;
    const timeoutMs = answerSeconds * slowness * 1000;
    onTyping?.(text);
    try {
      await keyboard.press([...before, ...chords, ['ret']], { anew: true });
      await transcript.waitFor(answerTo(word), { from, signal, timeoutMs });
      return text;
    } catch (error) {
      signal.throwIfAborted();
      // Nothing came, or a guest that is still on its way up did not take its keys.
      if (!(error instanceof GuestError)) throw error;
    }
  }
  throw new Error('the attempts never end');
}

/** Whether a serial port said the word on a line of its own: what it says from there on came of keys. */
export const saysWord = (transcript: Transcript, word: string): boolean =>
  new RegExp(`(?:^|\\n)${word}\\r?\\n`).test(transcript.text());

/** The word on a line of its own, and the prompt of the shell that was started behind it. */
const answerTo = (word: string): RegExp => new RegExp(`(?:^|\\n)${word}\\r?\\n[^]{0,500}?[$#] ?$`);

/** The command, with the keys that type it on one layout. */
interface Spelling {
  text: string;
  /** Ctrl-C, which drops what stands on the line and ends what reads it. */
  interrupt: Chord;
  chords: Chord[];
}

/** Without end: the likeliest each time, since the screen's shell may come late, and in between all others. */
function* attempts(options: KeysToSerial): Generator<Spelling, never> {
  const all = spellings(options);
  const [likeliest, ...others] = all as [Spelling, ...Spelling[]];
  for (let turn = 0; ; turn++) {
    yield likeliest;
    const other = others[turn % others.length];
    if (other !== undefined) yield other;
  }
}

/** What to type as the one who may use the port and as one who may not, on the promised layout, then on any other. */
function spellings({ device, layout, user, word }: KeysToSerial): Spelling[] {
  const us: Layout = { layout: 'us', variant: '' };
  const layouts = [...(layout === null ? [] : [layout]), us, ...knownLayouts];
  // A session of its own: a shell that shares the screen's would stop when it asks for the terminal.
  const command = `sh -c 'echo ${word}; setsid -f sh -i' <${device} >${device} 2>&1`;
  const bySudo = `sudo -n ${command}`;
  const commands = user === 'root' ? [command, bySudo] : [bySudo, command];
  const unique = new Map<string, Spelling>();
  for (const one of layouts) {
    for (const text of commands) {
      const spelling = spell(one, text);
      if (spelling === null) continue;
      const key = JSON.stringify(spelling);
      if (!unique.has(key)) unique.set(key, spelling);
    }
  }
  return [...unique.values()];
}

/** Null for a layout on which the command cannot be typed. */
function spell(layout: Layout, text: string): Spelling | null {
  try {
    const [letter = []] = chordsForText(layout, 'c');
    return { text, interrupt: ['ctrl', ...letter], chords: chordsForText(layout, text) };
  } catch {
    return null;
  }
}
