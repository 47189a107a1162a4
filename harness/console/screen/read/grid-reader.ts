import type { Canvas } from './canvas.ts';
import type { Entry } from './cell-index.ts';
import { type Cell, inkOf, lookAt } from './cells.ts';
import type { HasChanged } from './changes.ts';
import type { Grid } from './find-grid.ts';
import { lookBeforePictures } from './before-picture.ts';
import { findDrawn } from './drawn.ts';
import { type Findings, isFrame, nearby, noPaper, onlyPicture } from './findings.ts';
import { gap, type TextRegion } from './text-region.ts';

/** Whether text was read at this pixel before. */
export type IsTaken = (x: number, y: number) => boolean;

/** Colours that text was proven to have. */
interface Proven {
  inks: Set<number>;
  /** Inks before a paper of one colour. */
  sharpInks: Set<number>;
  papers: Set<number>;
  /** An ink and its paper. */
  pairs: Set<number>;
}

const pair = (ink: number, paper: number): number => ink * 2 ** 24 + paper;
/** How much of a cell's height a cursor's line may have, at its foot. */
const cursorShare = 1 / 3;

/** Reads the text on one grid, again and again as it changes. */
export class GridReader {
  readonly grid: Grid;
  readonly #findings: Findings;

  constructor(canvas: Canvas, grid: Grid) {
    this.grid = grid;
    const { width, height } = grid.index;
    const columns = Math.floor((canvas.width - grid.x) / width);
    const rows = Math.floor((canvas.height - grid.y) / height);
    const count = columns * rows;
    this.#findings = {
      columns,
      rows,
      entries: Array.from({ length: count }, () => undefined),
      blank: new Uint8Array(count),
      ink: new Uint32Array(count),
      paper: new Uint32Array(count),
      drawn: Array.from({ length: count }, () => []),
    };
  }

  /** Reads every cell but those that are taken; those of rows of pixels that did not change are known from before. */
  read(canvas: Canvas, hasChanged: HasChanged, isTaken: IsTaken): TextRegion {
    const { grid } = this;
    lookAtAll(canvas, grid, this.#findings, hasChanged, isTaken);
    const seen = { ...this.#findings, entries: [...this.#findings.entries] };
    seen.ink = seen.ink.slice();
    seen.paper = seen.paper.slice();
    lookBeforePictures(canvas, grid, seen, provenColours(grid, seen).inks);
    const font = commonest(grid.index.fonts.length, seen.entries);
    seen.entries.forEach((entry, at) => {
      if (entry === undefined) return;
      const code = meaningOf(entry, font);
      if (code === null || isFootOnly(code)) seen.entries[at] = undefined;
    });
    const proven = provenColours(grid, seen);
    const cursor = lookAboveCursor(canvas, grid, seen, proven);
    return interpret(grid, font, seen, proven, cursor);
  }
}

function lookAtAll(
  canvas: Canvas,
  { index, x, y, isBeforePicture = false }: Grid,
  { columns, rows, entries, blank, ink, paper, drawn }: Findings,
  hasChanged: HasChanged,
  isTaken: IsTaken,
): void {
  const { width, height } = index;
  const cell: Cell = { colours: 0, first: 0, second: 0, rows: new Uint32Array(height) };
  const inverse = new Uint32Array(height);
  const all = 2 ** width - 1;
  for (let at = 0; at < columns * rows; at++) {
    const left = x + (at % columns) * width;
    const top = y + Math.floor(at / columns) * height;
    if (at % columns === 0 && !hasChanged(top, top + height)) {
      at += columns - 1;
      continue;
    }
    entries[at] = undefined;
    if (isTaken(left, top)) {
      blank[at] = 1;
      continue;
    }
    lookAt(canvas, left, top, width, height, cell);
    paper[at] = cell.colours > 2 ? noPaper : cell.first;
    ink[at] = cell.second;
    blank[at] = cell.colours === 1 ? 1 : 0;
    drawn[at] = [];
    if (cell.colours === 2) {
      for (let row = 0; row < height; row++) inverse[row] = cell.rows[row]! ^ all;
      const plain = index.find(cell.rows);
      const inverted = index.find(inverse);
      // Of two that are each other's inverse, such as halves of a block, the one on its neighbour's paper.
      const turns = inverted !== undefined && (plain === undefined || paper[at - 1] === cell.second);
      entries[at] = turns ? inverted : plain;
      if (turns) [paper[at], ink[at]] = [cell.second, cell.first];
      if (!isBeforePicture || entries[at]?.isProof === true || isFrame(entries[at])) continue;
      // Two colours of a picture make lines and dots, too.
      entries[at] = undefined;
      paper[at] = noPaper;
    }
    if (cell.colours > 1) drawn[at] = findDrawn(canvas, index, left, top);
  }
}

function provenColours({ inks }: Grid, { entries, ink, paper }: Findings): Proven {
  const proven: Proven = {
    inks: new Set(inks),
    sharpInks: new Set(),
    papers: new Set(),
    pairs: new Set(),
  };
  entries.forEach((entry, at) => {
    if (entry?.isProof !== true) return;
    proven.inks.add(ink[at]!);
    if (paper[at] !== noPaper) proven.sharpInks.add(ink[at]!);
    proven.papers.add(paper[at]!);
    proven.pairs.add(pair(ink[at]!, paper[at]!));
  });
  return proven;
}

/** @returns the cell above whose foot the cursor is; what stands in it is known, then */
function lookAboveCursor(
  canvas: Canvas,
  { index, x, y }: Grid,
  { columns, entries, blank, ink, paper }: Findings,
  { inks, papers }: Proven,
): number | null {
  const { width, height } = index;
  const rows = new Uint32Array(height);
  for (let at = 0; at < entries.length; at++) {
    if (entries[at] !== undefined || blank[at] === 1 || paper[at]! >= noPaper) continue;
    const left = x + (at % columns) * width;
    const top = y + Math.floor(at / columns) * height;
    for (const [colour, other] of [
      [ink[at]!, paper[at]!],
      [paper[at]!, ink[at]!],
    ] as const) {
      if (!inks.has(colour) || !papers.has(other)) continue;
      inkOf(canvas, left, top, { width, ink: colour }, rows);
      const above = index.find(withoutCursor(rows, width));
      if (above === undefined) continue;
      [ink[at], paper[at], entries[at]] = [colour, other, above];
      return at;
    }
  }
  return null;
}

/** The same without the full rows at its foot. */
function withoutCursor(rows: Uint32Array, width: number): Uint32Array {
  const all = 2 ** width - 1;
  const least = rows.length - Math.ceil(rows.length * cursorShare);
  const end = rows.findLastIndex((bits) => bits !== 0);
  let begin = end;
  while (begin >= least && rows[begin] === all) begin -= 1;
  return begin === end ? rows : rows.map((bits, row) => (row > begin ? 0 : bits));
}

function interpret(
  { index, x, y, isBeforePicture = false }: Grid,
  font: number,
  findings: Findings,
  proven: Proven,
  cursor: number | null,
): TextRegion {
  const { columns, rows, entries, blank, ink, paper } = findings;
  const isProof = (at: number): boolean => entries[at]?.isProof === true;
  const isNear = (at: number, most = nearby): boolean => {
    const column = at % columns;
    for (let by = 1; by <= most; by++)
      if ((by <= column && isProof(at - by)) || (column + by < columns && isProof(at + by))) return true;
    return false;
  };
  const isFramed = (at: number): boolean =>
    isFrame(entries[at]) &&
    [at - 1, at + 1, at - columns, at + columns].some(
      (other) => isFrame(entries[other]) && ink[other] === ink[at],
    );
  const isText = (at: number): boolean => isProof(at) || (isBeforePicture ? isSharp(at) : isPlainText(at));
  /** What is mixed with a picture was weighed before; a picture has lines, and text that is not mixed has its own ink. */
  const isSharp = (at: number): boolean =>
    isFrame(entries[at]) ? isFramed(at) && proven.sharpInks.has(ink[at]!) : paper[at] === noPaper;
  const isPlainText = (at: number): boolean =>
    proven.pairs.has(pair(ink[at]!, paper[at]!)) ||
    ((paper[at] === noPaper || proven.papers.has(paper[at]!)) && isNear(at)) ||
    isFramed(at);
  let gaps = 0;
  const known = new Uint8Array(entries.length);
  const character = (at: number): string => {
    const entry = entries[at];
    if (blank[at] === 1 || paper[at] === onlyPicture) return ' ';
    if (entry !== undefined && !isText(at)) return ' ';
    const code = entry === undefined ? null : meaningOf(entry, font);
    if (code !== null) {
      known[at] = 1;
      return String.fromCodePoint(code);
    }
    const mayBeText =
      !isBeforePicture &&
      (proven.pairs.has(pair(ink[at]!, paper[at]!)) || proven.pairs.has(pair(paper[at]!, ink[at]!)));
    if (!mayBeText && !isNear(at, isBeforePicture ? 1 : nearby)) return ' ';
    gaps += 1;
    return gap;
  };
  const lines = Array.from({ length: rows }, (_, row) => {
    const before = gaps;
    const line = Array.from({ length: columns }, (__, column) => character(row * columns + column)).join('');
    if (/[^ \ufffd]/.test(line)) return line.trimEnd();
    // A logo, a bar: nothing on that row can be read.
    gaps = before;
    return '';
  });
  return {
    font: index.fonts[Math.log2(font)]?.name ?? '',
    width: index.width,
    height: index.height,
    x,
    y,
    columns,
    rows: lines,
    gaps,
    papers: paper,
    known,
    cursor: cursor === null ? null : { row: Math.floor(cursor / columns), column: cursor % columns },
  };
}

/** Blocks and scan lines at the foot of a cell, which cursors are. */
const isFootOnly = (code: number): boolean => (code >= 0x2581 && code <= 0x2583) || code === 0x23bd;

/** The font, one bit, that has most of these characters. */
function commonest(fonts: number, entries: readonly (Entry | undefined)[]): number {
  const votes = Array.from({ length: fonts }, () => 0);
  for (const entry of entries) {
    if (entry === undefined) continue;
    for (let font = 0; font < fonts; font++) if ((entry.fonts & (1 << font)) !== 0) votes[font]! += 1;
  }
  return 1 << votes.indexOf(Math.max(...votes));
}

/** The character: this font's, or one on which all fonts agree that have it. Null where they do not. */
function meaningOf({ meanings, isProof }: Entry, font: number): number | null {
  const own = meanings.filter(({ fonts }) => (fonts & font) !== 0);
  const codes = (own.length > 0 ? own : meanings).map(({ code }) => code);
  return own.length > 0 || (codes.length === 1 && isProof) ? Math.min(...codes) : null;
}
