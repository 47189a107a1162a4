import { readFileSync } from 'node:fs';
import { clean } from '../terminal/clean.ts';

/** A line of a console's text: when it was whole, in seconds since the recording began. */
export interface ConsoleLine {
  at: number;
  text: string;
  /** `reason` quotes it, or it is among the `evidence`; absent for the others. */
  mark?: 'reason' | 'evidence';
}

/** A recorded console. */
export interface Recording {
  /** The file's text, asciicast v2. */
  cast: string;
  lines: ConsoleLine[];
  /** Seconds of the last frame. */
  length: number;
  /** When how much was said, characters by frame. */
  frames: [at: number, characters: number][];
}

/** A new row of the screen begins at a newline, and where the cursor is sent to another one. */
const rowEnds = /\n|\x1B\[[\d;]*[ABEFHdf]/g;

/** How much of a console is told as text, its end, in characters: a guest may have said megabytes. */
const mostText = 512 * 2 ** 10;
/** The same in lines. */
const mostLines = 4000;

/**
 * Reads a recording; undefined where there is none that can be read.
 * @param options.text whether its lines are wanted.
 */
export function readRecording(file: string, { text }: { text: boolean }): Recording | undefined {
  let cast;
  try {
    cast = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const frames: Recording['frames'] = [];
  let told: Frame[] = [];
  let length = 0;
  for (const line of cast.split('\n')) {
    const frame = parseFrame(line);
    if (frame === undefined) continue;
    frames.push([frame.at, frame.data.length]);
    if (!text) continue;
    told.push(frame);
    length += frame.data.length;
    if (length > 2 * mostText) {
      told = lastFrames(told);
      length = told.reduce((sum, { data }) => sum + data.length, 0);
    }
  }
  return { cast, lines: linesOf(lastFrames(told)), length: frames.at(-1)?.[0] ?? 0, frames };
}

/** The newest ones that are no longer than what is told, and one at least. */
function lastFrames(frames: readonly Frame[]): Frame[] {
  let length = 0;
  const first = frames.findLastIndex(({ data }) => (length += data.length) > mostText);
  return frames.slice(Math.min(first + 1, frames.length - 1));
}

interface Frame {
  at: number;
  data: string;
}

/** Output frames only; a torn last line, as a kill leaves it, is none. */
function parseFrame(line: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!Array.isArray(value)) return undefined;
    const [at, kind, data] = value as unknown[];
    return typeof at === 'number' && kind === 'o' && typeof data === 'string' ? { at, data } : undefined;
  } catch {
    return undefined;
  }
}

function linesOf(frames: readonly Frame[]): ConsoleLine[] {
  const text = frames.map(({ data }) => data).join('');
  const rows: { from: number; to: number }[] = [];
  let from = 0;
  for (const { index, 0: end } of text.matchAll(rowEnds)) {
    if (index > from) rows.push({ from, to: index });
    from = index + end.length;
  }
  rows.push({ from, to: text.length });
  const lines: ConsoleLine[] = [];
  let frame = 0;
  let frameEnd = frames[0]?.data.length ?? 0;
  for (const row of rows.slice(-mostLines)) {
    while (row.to > frameEnd && frame < frames.length - 1) {
      frame += 1;
      frameEnd += frames[frame]?.data.length ?? 0;
    }
    const line = clean(text.slice(row.from, row.to)).replaceAll('\n', ' ').trimEnd();
    if (line !== '') lines.push({ at: frames[frame]?.at ?? 0, text: line });
  }
  return lines;
}

/** Shorter pieces stand in many a line by chance. */
const shortestQuote = 8;

/** Paths, units and the like are in few other lines. */
const pathLike = /[\w@-]*[/.][\w/.@:-]*\w/g;

/** Marks the lines that the reason quotes, and those that the evidence consists of: the newest of each. */
export function markLines(lines: readonly ConsoleLine[], reason: string, evidence: readonly string[]): void {
  const told = clean(reason);
  const pieces = [...told.split(/[`"“”:;,]|\.$/), ...(told.match(pathLike) ?? [])];
  const quotes = pieces.map((piece) => piece.trim()).filter((piece) => piece.length >= shortestQuote);
  for (const quote of quotes) mark(lines, 'reason', (text) => text.includes(quote));
  for (const line of evidence.flatMap((text) => clean(text).split('\n'))) {
    const wanted = line.trim();
    if (wanted.length >= shortestQuote) mark(lines, 'evidence', (text) => text.trim() === wanted);
  }
}

function mark(
  lines: readonly ConsoleLine[],
  kind: 'reason' | 'evidence',
  isMeant: (text: string) => boolean,
): void {
  const line = lines.findLast(({ text }) => isMeant(text));
  if (line !== undefined) line.mark ??= kind;
}
