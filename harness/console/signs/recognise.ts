import type { Phase } from '../../events.ts';
import { anyOf } from './prefilter.ts';
import { fatalSigns, suspiciousSigns } from './index.ts';
import type { FatalSign, SuspiciousSign } from './sign.ts';
import { unitPath } from './unit-path.ts';

/** A sign and what it was found in. */
export interface Found<S> {
  sign: S;
  /** What the pattern's groups took. */
  detail: string;
  /** Printed by the kernel, with its time stamp, and nothing before it on the line. */
  stamped: boolean;
}

/** Signs stand at one of a line's ends; what is longer is no message, and its matching must not cost more. */
const longest = 1024;
/** Prompts are short, and looked for after each chunk: longer unfinished lines are no prompts. */
const longestPrompt = 80;
/** printk's time stamp and caller. It may come after a line of someone else's, which it tore. */
const stamp = /\[ *\d+\.\d{6}\](?:\[ *[CT]\d+\])? /g;

const promptSigns = fatalSigns.filter(({ prompt }) => prompt === true);

/** Recognises a prompt at which a boot is stuck; null for all other unfinished lines. */
export function findFatalPrompt(line: string): Found<FatalSign> | null {
  if (line === '' || line.length > longestPrompt) return null;
  return first(promptSigns, line, false);
}

/** What the kernel says in this line, without its time stamp; null if it says nothing. `whole`: and nobody else does. */
export function kernelMessage(line: string): { text: string; whole: boolean } | null {
  const last = [...line.matchAll(stamp)].at(-1);
  if (last === undefined) return null;
  return { text: line.slice(last.index + last[0].length), whole: last.index === 0 };
}

/** Early texts mean what they say only until a kernel runs: what prints them is gone then. */
export const isEarly = (phase: Phase): boolean => phase === 'firmware' || phase === 'bootloader';

/** The signs in a line. */
interface Signs {
  fatal: Found<FatalSign> | null;
  suspicious: Found<SuspiciousSign> | null;
}

const lineSigns = fatalSigns.filter(({ prompt }) => prompt !== true);
const isAnySign = anyOf([...lineSigns, ...suspiciousSigns].map(({ pattern }) => pattern));

/** Looks for signs in a line, by itself and in what the kernel says in it; null where there is none. */
export function findSigns(line: string): Signs | null {
  const text = line.length > longest ? `${line.slice(0, longest / 2)}${line.slice(-longest / 2)}` : line;
  const kernel = text.includes('] ') ? kernelMessage(text) : null;
  const fromKernel = kernel === null ? null : signsIn(kernel.text, kernel.whole);
  return fromKernel ?? (kernel?.whole === true ? null : signsIn(text, false));
}

function signsIn(text: string, stamped: boolean): Signs | null {
  if (!isAnySign(text)) return null;
  const signs = { fatal: first(lineSigns, text, stamped), suspicious: first(suspiciousSigns, text, stamped) };
  return signs.fatal === null && signs.suspicious === null ? null : signs;
}

function first<S extends { pattern: RegExp; isUnitPath?: true }>(
  signs: readonly S[],
  text: string,
  stamped: boolean,
): Found<S> | null {
  for (const sign of signs) {
    const match = sign.pattern.exec(text);
    if (match) {
      const detail = match.slice(1).join('').trim();
      return { sign, stamped, detail: sign.isUnitPath === true ? unitPath(detail) : detail };
    }
  }
  return null;
}
