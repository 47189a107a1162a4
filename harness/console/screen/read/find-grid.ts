import type { Canvas } from './canvas.ts';
import type { CellIndex, Entry } from './cell-index.ts';

/** Where the cells of one size are. */
export interface Grid {
  index: CellIndex;
  /** Of the first whole cell, in pixels. */
  x: number;
  y: number;
  /** Colours of ink that characters have there. */
  inks: Set<number>;
  /** A picture is behind the text: lines, dots and shades alone are parts of that. @default false */
  isBeforePicture?: boolean;
}

/** A place where the colour changes from one pixel to the next. */
export interface Anchor {
  x: number;
  y: number;
}

/** Rows of pixels from one to the next that are searched for places where something is drawn. */
const rowStep = 3;
/** Pixels from one such place to the next. */
const columnStep = 11;
/** Colours, counted where they change, that may be those of text. */
const frequentColours = 8;
/** So many places, spread over the screen, are looked at closely. */
const closeLooks = 32;
/** A grid that has so many characters, and so much of what is drawn, is believed at once. */
const enough = 8;
const enoughShare = 0.25;
/** Pixels by which the letters of one font stand higher than the same ones of another. */
const shifts = [-2, -1, 1, 2];
/** What a grid must show at least, in different characters that stand beside others; more of small ones. */
const least = (height: number): number => (height < 12 ? 6 : 3);

/** Places where something is drawn, in reading order. */
export function findAnchors(
  { width, height, colours }: Canvas,
  isTaken: (x: number, y: number) => boolean,
): Anchor[] {
  const anchors: Anchor[] = [];
  for (let y = 1; y < height; y += rowStep) {
    const row = y * width;
    for (let x = 1; x < width; x++) {
      if (colours[row + x] === colours[row + x - 1]) continue;
      if (!isTaken(x, y)) anchors.push({ x, y });
      x += columnStep;
    }
  }
  return anchors;
}

/** Looks for a grid on which characters stand; null where none can be found. */
export function findGrid(
  canvas: Canvas,
  indexes: readonly CellIndex[],
  anchors: readonly Anchor[],
): Grid | null {
  const likely = inFrequentColours(canvas, anchors);
  const looked = spread(likely, closeLooks);
  let best = null as Grid | null;
  let most: Found = { different: 0, share: 0 };
  const tried = new Set<string>();
  const test = (grid: Grid): void => {
    const key = `${indexes.indexOf(grid.index)} ${grid.x} ${grid.y}`;
    if (tried.has(key)) return;
    tried.add(key);
    const found = countCharacters(canvas, grid, likely);
    if (found.different < least(grid.index.height)) return;
    // Of two that fit alike the one that begins with the screen, as most do.
    const isEqual = found.share === most.share && best !== null && grid.x + grid.y < best.x + best.y;
    if (found.share > most.share || isEqual) [best, most] = [grid, found];
  };
  for (const anchor of looked) {
    for (const grid of gridsAt(canvas, indexes, anchor)) test(grid);
    if (most.different >= enough && most.share >= enoughShare) break;
  }
  if (best === null) return null;
  const { index, x, y, inks }: Grid = best;
  for (const shift of shifts)
    test({ index, x, y: (y + shift + index.height) % index.height, inks: new Set(inks) });
  return best;
}

/** How well a grid fits. */
interface Found {
  /** Characters that stand beside others. */
  different: number;
  /** How many of the places where something is drawn are in such characters of one font. */
  share: number;
}

/** Those where one of the two colours is one of the most frequent: text has few, a picture behind it has many. */
function inFrequentColours({ width, colours }: Canvas, anchors: readonly Anchor[]): readonly Anchor[] {
  const counts = new Map<number, number>();
  const pixels = ({ x, y }: Anchor): [number, number] => [
    colours[y * width + x]!,
    colours[y * width + x - 1]!,
  ];
  for (const anchor of anchors)
    for (const colour of pixels(anchor)) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  if (counts.size <= frequentColours) return anchors;
  const least = [...counts.values()].sort((a, b) => b - a)[frequentColours - 1]!;
  const isFrequent = (colour: number): boolean => counts.get(colour)! >= least;
  return least < 2 ? anchors : anchors.filter((anchor) => pixels(anchor).some(isFrequent));
}

function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as T);
}

/** The largest cells that there are. */
const [widest, highest] = [16, 32];
const window = new Uint32Array(2 * highest);
const cell = new Uint32Array(highest);

/** Every grid on which a character stands at this place. */
function gridsAt(canvas: Canvas, indexes: readonly CellIndex[], { x, y }: Anchor): Grid[] {
  const { width, colours } = canvas;
  const found: Grid[] = [];
  for (const at of [x, x - 1]) {
    const ink = colours[y * width + at]!;
    lookAround(canvas, at, y, ink);
    for (const index of indexes) searchAround(canvas, index, { x: at, y, ink }, found);
  }
  return found;
}

/** Where this colour is around a place, which is in the middle of `window`. */
function lookAround({ width, height, colours }: Canvas, x: number, y: number, ink: number): void {
  const left = x - widest + 1;
  for (let row = 0; row < 2 * highest - 1; row++) {
    const top = y - highest + 1 + row;
    let bits = 0;
    if (top >= 0 && top < height) {
      const from = top * width;
      for (let column = left; column < left + 2 * widest - 1; column++)
        bits = (bits << 1) | (column >= 0 && column < width && colours[from + column] === ink ? 1 : 0);
    }
    window[row] = bits;
  }
}

function searchAround(
  { width, height }: Canvas,
  index: CellIndex,
  { x, y, ink }: Anchor & { ink: number },
  found: Grid[],
): void {
  const { width: w, height: h } = index;
  const mask = 2 ** w - 1;
  for (let top = Math.max(0, y - h + 1); top <= y && top + h <= height; top++) {
    const first = top - (y - highest + 1);
    for (let left = Math.max(0, x - w + 1); left <= x && left + w <= width; left++) {
      const shift = x + widest - 1 - (left + w - 1);
      if (!index.mayKnow(window, first, shift)) continue;
      for (let row = 0; row < h; row++) cell[row] = (window[first + row]! >>> shift) & mask;
      if (index.find(cell.subarray(0, h))?.isProof === true)
        found.push({ index, x: left % w, y: top % h, inks: new Set([ink]) });
    }
  }
}

/** Different characters that stand on the grid at these places, beside others. */
function countCharacters(canvas: Canvas, grid: Grid, anchors: readonly Anchor[]): Found {
  const { index, x, y, inks } = grid;
  const { width, colours } = canvas;
  const seen = new Set<Entry>();
  const places = spread(anchors, 4 * closeLooks);
  const votes = index.fonts.map(() => 0);
  for (const anchor of places) {
    if (anchor.x < x || anchor.y < y) continue;
    const left = anchor.x - ((anchor.x - x) % index.width);
    const top = anchor.y - ((anchor.y - y) % index.height);
    for (const at of [0, -1]) {
      const ink = colours[anchor.y * width + anchor.x + at]!;
      const entry = characterAt(canvas, index, left, top, ink);
      if (entry === undefined) continue;
      const besides = [left - index.width, left + index.width];
      if (!besides.some((other) => characterAt(canvas, index, other, top, ink) !== undefined)) continue;
      seen.add(entry);
      inks.add(ink);
      for (let font = 0; font < votes.length; font++)
        if ((entry.fonts & (1 << font)) !== 0) votes[font]! += 1;
      break;
    }
  }
  return { different: seen.size, share: Math.max(...votes) / places.length };
}

/** What stands in a cell for sure. */
function characterAt(
  { width, height, colours }: Canvas,
  index: CellIndex,
  left: number,
  top: number,
  ink: number,
): Entry | undefined {
  if (left < 0 || top < 0 || left + index.width > width || top + index.height > height) return undefined;
  for (let row = 0; row < index.height; row++) {
    let bits = 0;
    const from = (top + row) * width + left;
    for (let column = from; column < from + index.width; column++)
      bits = (bits << 1) | (colours[column] === ink ? 1 : 0);
    cell[row] = bits;
  }
  const entry = index.find(cell.subarray(0, index.height));
  return entry?.isProof === true ? entry : undefined;
}
