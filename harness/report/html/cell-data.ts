import path from 'node:path';
import { type Attachment, type Attempt, type CellRecord, lastAttempt } from '../record/record.ts';
import type { FileLink } from './anchors.ts';
import { type ConsoleLine, type Recording, markLines, readRecording } from './console.ts';
import { keptText } from './kept-text.ts';
import { type Moment, beginOf, momentsOf } from './moments.ts';
import { isBroken } from './words.ts';

/** What the scripts of the page know of a cell: its last attempt on one axis, in seconds since that began. */
export interface CellData {
  length: number;
  /** The moment at which it failed; null for what did not, or where nobody can tell. */
  failed: number | null;
  moments: Moment[];
  recordings: {
    name: string;
    path: string;
    /** When it began. */
    begin: number;
    length: number;
    /** Characters said in each of `bins` equal parts of the axis. */
    said: number[];
    /** Absent where the page has no room for it. */
    cast?: string;
    /** As text, only of what failed. */
    lines?: ConsoleLine[];
  }[];
  /** What else was kept of what failed, e.g. its journal: the end of each file. */
  texts: { name: string; path: string; text: string }[];
}

/** How fine the console's activity is drawn. */
const bins = 160;
/** How much of a kept file the page holds, in bytes; the whole lies beside it. */
const mostText = 96 * 2 ** 10;
/** A longer recording is for asciinema itself, in characters: a boot's is a tenth of it. */
const mostCast = 2 ** 20;

/** Reads the recordings of a cell's last attempt; undefined for one that never had a machine. */
export function cellData(
  cell: CellRecord,
  { outDir, linkTo }: { outDir: string; linkTo: FileLink },
): CellData | undefined {
  const attempt = lastAttempt(cell);
  if (attempt === undefined || attempt.machines.length === 0) return undefined;
  const zero = beginOf(attempt);
  const own = cell.attachments.filter(({ attempt: earlier }) => earlier === undefined);
  const length = Math.max(cell.endedAt - zero, 0.001);
  const broken = isBroken(cell.verdict);
  const recordings = own.filter(isRecording).flatMap((file) => {
    const recording = readRecording(path.join(outDir, file.path), { text: broken });
    if (recording === undefined) return [];
    const { lines, cast } = recording;
    markLines(lines, cell.reason, evidenceOf(cell));
    const begin = file.at - zero;
    const said = activity(recording, { begin, length });
    const told = { name: file.name, path: file.path, begin, length: recording.length, said };
    return [{ ...told, ...(cast.length > mostCast ? {} : { cast }), ...(broken ? { lines } : {}) }];
  });
  const moments = momentsOf(attempt, own.filter(isPicture), { endedAt: cell.endedAt, linkTo });
  return {
    length,
    failed: broken ? failedAt(moments, recordings, judgedAt(attempt) ?? length) : null,
    moments,
    recordings,
    texts: broken ? own.filter(isReadable).flatMap((file) => textOf(file, outDir)) : [],
  };
}

/** The same, so that less and less of it has to be packed: what can be had from files goes first. */
export function smaller(data: CellData): CellData[] {
  const withoutTexts = { ...data, texts: [] };
  const withoutCasts = { ...withoutTexts, recordings: data.recordings.map((one) => without(one, 'cast')) };
  const withoutLines = {
    ...withoutCasts,
    recordings: withoutCasts.recordings.map((one) => without(one, 'lines')),
  };
  return [
    data,
    ...(data.texts.length > 0 ? [withoutTexts] : []),
    withoutCasts,
    ...(data.recordings.some(({ lines }) => lines !== undefined) ? [withoutLines] : []),
  ];
}

type Kept = CellData['recordings'][number];

function without(recording: Kept, part: 'cast' | 'lines'): Kept {
  const rest = { ...recording };
  delete rest[part];
  return rest;
}

export const isPicture = ({ path: file }: Attachment): boolean => file.endsWith('.png');
/** What is read, and not played or run; the console's log is the recording's text. */
const isReadable = ({ path: file }: Attachment): boolean =>
  /\.(?:log|txt)$/.test(file) && !file.endsWith('serial.log');
const isRecording = ({ path: file }: Attachment): boolean => file.endsWith('.cast');

function textOf({ name, path: file }: Attachment, outDir: string): CellData['texts'] {
  const text = keptText(path.join(outDir, file), mostText);
  return text === undefined ? [] : [{ name, path: file, text }];
}

/** When a machine that was kept for a person had come to its verdict. */
function judgedAt(attempt: Attempt): number | undefined {
  const held = attempt.events.find(({ type }) => type === 'held');
  return held === undefined ? undefined : held.at - beginOf(attempt);
}

/** What was seen where it went wrong. */
const evidenceOf = ({ evidence, checks }: CellRecord): string[] => [
  evidence,
  ...checks
    .filter(({ verdict }) => isBroken(verdict))
    .flatMap((check) => check.evidence.map(({ observed }) => observed)),
];

/** The end of the first check that broke, or the line that tells it, or the end of all. */
function failedAt(moments: readonly Moment[], recordings: CellData['recordings'], length: number): number {
  const check = moments.find(({ lane, bad }) => lane === 'check' && bad === true);
  if (check?.end !== undefined) return check.end;
  const marked = recordings.flatMap(({ begin, lines = [] }) =>
    lines.filter(({ mark }) => mark === 'reason').map(({ at }) => begin + at),
  );
  // A moment later, so that it can be read.
  return Math.min((marked.at(-1) ?? length) + 0.05, length);
}

function activity({ frames }: Recording, { begin, length }: { begin: number; length: number }): number[] {
  const said = Array.from({ length: bins }, () => 0);
  for (const [at, characters] of frames) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((begin + at) / length) * bins)));
    said[bin] = (said[bin] ?? 0) + characters;
  }
  return said;
}
