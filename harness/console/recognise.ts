import type { Phase } from '../events.ts';
import { fatalSigns, suspiciousSigns } from './signs/index.ts';
import type { FatalSign, SuspiciousSign } from './signs/sign.ts';

/** A sign and what it was found in. */
export interface Found<S> {
  sign: S;
  /** What the pattern's groups took. */
  detail: string;
  /** Printed by the kernel, with its time stamp, and nothing before it on the line. */
  stamped: boolean;
}

/** Looks for one kind of sign in lines. */
type Recogniser<S> = (line: string) => Found<S> | null;

/** Signs stand at one of a line's ends; what is longer is no message, and its matching must not cost more. */
const longest = 1024;
/** Prompts are short, and looked for after each chunk: longer unfinished lines are no prompts. */
const longestPrompt = 80;
/** printk's time stamp and caller. It may come after a line of someone else's, which it tore. */
const stamp = /\[ *\d+\.\d{6}\](?:\[ *[CT]\d+\])? /g;

export const findFatal = recogniser(fatalSigns.filter(({ prompt }) => prompt !== true));
export const findSuspicious: Recogniser<SuspiciousSign> = recogniser(suspiciousSigns);

const promptSigns = fatalSigns.filter(({ prompt }) => prompt === true);

/** Recognises a prompt at which a boot is stuck; null for all other unfinished lines. */
export function findFatalPrompt(line: string): Found<FatalSign> | null {
  if (line === '' || line.length > longestPrompt) return null;
  return first(promptSigns, line, false);
}

/** What the kernel says in this line, without its time stamp; null if it says nothing. `whole`: and nobody else does. */
export function kernelMessage(line: string): { text: string; whole: boolean } | null {
  const last = [...line.matchAll(stamp)].at(-1);
  return last === undefined
    ? null
    : { text: line.slice(last.index + last[0].length), whole: last.index === 0 };
}

/** Early texts mean what they say only until a kernel runs: what prints them is gone then. */
export const isEarly = (phase: Phase): boolean => phase === 'firmware' || phase === 'bootloader';

/** One expression for all that stand at the beginning and one for the rest: nearly every line is harmless. */
function recogniser<S extends { pattern: RegExp }>(signs: readonly S[]): Recogniser<S> {
  const [anchored = [], free = []] = [true, false].map((isAnchored) =>
    signs.filter(({ pattern }) => pattern.source.startsWith('^') === isAnchored),
  );
  const any = [anchored, free].map((some) => anyOf(some));
  const find = (text: string, stamped: boolean): Found<S> | null =>
    any.some((one) => one.test(text)) ? first(signs, text, stamped) : null;
  return (line) => {
    const text = line.length > longest ? `${line.slice(0, longest / 2)}${line.slice(-longest / 2)}` : line;
    const kernel = text.includes('] ') ? kernelMessage(text) : null;
    const found = kernel === null ? null : find(kernel.text, kernel.whole);
    return found ?? find(text, false);
  };
}

function anyOf(signs: readonly { pattern: RegExp }[]): RegExp {
  return new RegExp(signs.map(({ pattern }) => `(?:${pattern.source})`).join('|') || '$^', 'i');
}

function first<S extends { pattern: RegExp }>(
  signs: readonly S[],
  text: string,
  stamped: boolean,
): Found<S> | null {
  for (const sign of signs) {
    const match = sign.pattern.exec(text);
    if (match) return { sign, stamped, detail: match.slice(1).join('').trim() };
  }
  return null;
}
