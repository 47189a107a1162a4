import type { Canvas } from './canvas.ts';
import type { Anchor } from './find-grid.ts';
import { type GreyIndex, hashColours, hashRow, joinRow } from './grey-index.ts';
import type { HasChanged } from './changes.ts';
import { gap, type TextRegion } from './text-region.ts';

/** Where the cells of one size are. */
export interface GreyGrid {
  index: GreyIndex;
  /** Of the first whole cell, in pixels. */
  x: number;
  y: number;
  /** Colours that most of its text has. */
  ink: number;
  paper: number;
}

/** Colours of text are tried that are the most frequent beside the paper's. */
const mostInks = 2;
/** How much of a screen the paper has, at least, and how much such an ink. */
const leastPaper = 0.4;
const leastInk = 0.0002;
/** Places that are looked at closely. */
const closeLooks = 24;
/** So many different characters prove a grid. */
const enough = 4;
/** Pixels from one to the next of those that are counted. */
const sampleStep = 7;

/** Looks for the grid of a terminal that draws letters with soft edges; null where there is none. */
export function findGreyGrid(
  canvas: Canvas,
  indexes: readonly GreyIndex[],
  anchors: readonly Anchor[],
): GreyGrid | null {
  const [[paper, share], ...others] = frequentColours(canvas);
  if (share < leastPaper) return null;
  for (const [ink, part] of others.slice(0, mostInks)) {
    if (part < leastInk) return null;
    const grid = findGrid(canvas, indexes, anchors, ink, paper);
    if (grid !== null) return grid;
  }
  return null;
}

/** The colours of a screen and their shares, the most frequent one first. */
function frequentColours({ colours }: Canvas): [[number, number], ...[number, number][]] {
  const counts = new Map<number, number>();
  for (let at = 0; at < colours.length; at += sampleStep)
    counts.set(colours[at]!, (counts.get(colours[at]!) ?? 0) + 1);
  const sampled = Math.ceil(colours.length / sampleStep);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const [first = [0, 0], ...others] = sorted.map(([colour, count]): [number, number] => [
    colour,
    count / sampled,
  ]);
  return [first, ...others];
}

function findGrid(
  canvas: Canvas,
  indexes: readonly GreyIndex[],
  anchors: readonly Anchor[],
  ink: number,
  paper: number,
): GreyGrid | null {
  const votes = new Map<string, { grid: GreyGrid; seen: Set<number> }>();
  const step = Math.max(1, Math.floor(anchors.length / closeLooks));
  for (let at = 0; at < anchors.length; at += step) {
    for (const index of indexes) {
      for (const { x, y, code } of charactersAround(
        canvas,
        index,
        anchors[at]!,
        index.table(ink, paper, true),
      )) {
        const key = `${indexes.indexOf(index)} ${x} ${y}`;
        const vote = votes.get(key) ?? { grid: { index, x, y, ink, paper }, seen: new Set() };
        votes.set(key, vote);
        vote.seen.add(code);
        if (vote.seen.size >= enough) return vote.grid;
      }
    }
  }
  const [best] = [...votes.values()].sort((a, b) => b.seen.size - a.seen.size);
  return best !== undefined && best.seen.size >= 2 ? best.grid : null;
}

/** Characters in whose cells this place is, and where their grids begin. */
function charactersAround(
  { width: stride, height: rows, colours }: Canvas,
  { width, height }: GreyIndex,
  anchor: Anchor,
  table: ReadonlyMap<number, readonly { code: number }[]>,
): { x: number; y: number; code: number }[] {
  const found: { x: number; y: number; code: number }[] = [];
  const top = Math.max(0, anchor.y - height + 1);
  const bottom = Math.min(rows, anchor.y + height);
  const hashes = new Int32Array(bottom - top);
  for (let x = Math.max(0, anchor.x - width + 1); x <= anchor.x && x + width <= stride; x++) {
    for (let y = top; y < bottom; y++) hashes[y - top] = hashRow(colours, y * stride + x, width);
    for (let y = top; y <= anchor.y && y + height <= bottom; y++) {
      let hash = 0;
      for (let row = 0; row < height; row++) hash = joinRow(hash, hashes[y - top + row]!);
      for (const { code } of table.get(hash) ?? []) found.push({ x: x % width, y: y % height, code });
    }
  }
  return found;
}

interface Colours {
  ink: number;
  paper: number;
}

/** Reads the text on one grid, again and again as it changes. */
export class GreyReader {
  readonly grid: GreyGrid;
  readonly #columns: number;
  readonly #rows: number;
  readonly #text: string[];
  readonly #papers: Uint32Array;
  /** Those that were seen, the last new one first. */
  readonly #colours: Colours[];
  #font = '';

  constructor(canvas: Canvas, grid: GreyGrid) {
    this.grid = grid;
    const { width, height } = grid.index;
    this.#columns = Math.floor((canvas.width - grid.x) / width);
    this.#rows = Math.floor((canvas.height - grid.y) / height);
    this.#text = Array.from({ length: this.#columns * this.#rows }, () => ' ');
    this.#papers = new Uint32Array(this.#text.length);
    this.#colours = [{ ink: grid.ink, paper: grid.paper }];
  }

  /** Reads every cell; those of rows of pixels that did not change are known from before. */
  read(canvas: Canvas, hasChanged: HasChanged): TextRegion {
    const { index, x, y } = this.grid;
    const { width, height } = index;
    for (let row = 0; row < this.#rows; row++) {
      const top = y + row * height;
      if (!hasChanged(top, top + height)) continue;
      for (let column = 0; column < this.#columns; column++)
        this.#look(canvas, x + column * width, top, row * this.#columns + column);
    }
    const rows = Array.from({ length: this.#rows }, (_, row) =>
      this.#text
        .slice(row * this.#columns, (row + 1) * this.#columns)
        .join('')
        .trimEnd(),
    );
    // A block of ink where a character would be is the cursor.
    const isInk = (colour: number): boolean =>
      this.#colours.some((one) => one.ink === colour) && !this.#colours.some((one) => one.paper === colour);
    const block = this.#papers.findIndex((colour, at) => this.#text[at] === ' ' && isInk(colour));
    return {
      font: this.#font,
      width,
      height,
      x,
      y,
      columns: this.#columns,
      rows,
      gaps: this.#text.filter((character) => character === gap).length,
      papers: this.#papers,
      known: Uint8Array.from(this.#text, (character) => (character === ' ' || character === gap ? 0 : 1)),
      cursor: block === -1 ? null : { row: Math.floor(block / this.#columns), column: block % this.#columns },
    };
  }

  #look(canvas: Canvas, left: number, top: number, at: number): void {
    const { index } = this.grid;
    const first = canvas.colours[top * canvas.width + left]!;
    this.#text[at] = ' ';
    this.#papers[at] = first;
    if (isPlain(canvas, left, top, index)) return;
    const cell = cellAt(canvas, left, top, index);
    const known = this.#find(cell, this.#colours) ?? this.#findInOwnColours(cell);
    this.#text[at] = known === null ? gap : String.fromCodePoint(known.code);
    if (known === null) return;
    this.#papers[at] = known.paper;
    this.#font ||= known.font;
  }

  #findInOwnColours(cell: Uint32Array): Character | null {
    const own = coloursOf(cell);
    const found = this.#find(cell, [own]);
    if (found !== null) {
      this.#colours.unshift(own);
      return found;
    }
    for (const { ink, paper } of [...this.#colours, own]) {
      const near = this.grid.index.findNear(ink, paper, cell);
      if (near !== null) return { code: near.code, font: near.font, ink, paper };
    }
    return null;
  }

  /** The character that is drawn so, in one of these colours. */
  #find(cell: Uint32Array, colours: readonly Colours[]): Character | null {
    const { index } = this.grid;
    const hash = hashColours(cell, 0, index.width, index);
    for (const { ink, paper } of colours) {
      const drawn = index.find(ink, paper, cell, hash);
      if (drawn !== null) return { code: drawn.code, font: drawn.font, ink, paper };
    }
    return null;
  }
}

interface Character extends Colours {
  code: number;
  font: string;
}

function isPlain(canvas: Canvas, left: number, top: number, { width, height }: GreyIndex): boolean {
  const first = canvas.colours[top * canvas.width + left];
  for (let row = top; row < top + height; row++) {
    let at = row * canvas.width + left;
    for (const end = at + width; at < end; at++) if (canvas.colours[at] !== first) return false;
  }
  return true;
}

/** The most frequent colour of a cell, and the one that is farthest from it. */
function coloursOf(cell: Uint32Array): Colours {
  const counts = new Map<number, number>();
  for (const colour of cell) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const [paper] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const ink = [...counts.keys()].reduce((a, b) => (distance(b, paper) > distance(a, paper) ? b : a));
  return { ink, paper };
}

function distance(a: number, b: number): number {
  const channel = (shift: number): number => Math.abs(((a >> shift) & 255) - ((b >> shift) & 255));
  return channel(16) + channel(8) + channel(0);
}

function cellAt(
  { width: stride, colours }: Canvas,
  left: number,
  top: number,
  { width, height }: GreyIndex,
): Uint32Array {
  const cell = new Uint32Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (top + row) * stride + left;
    cell.set(colours.subarray(from, from + width), row * width);
  }
  return cell;
}
