import { loadFonts } from '../fonts/fonts.ts';
import type { Picture } from '../picture.ts';
import type { Canvas } from './canvas.ts';
import { type CellIndex, indexFonts } from './cell-index.ts';
import { Changes, type HasChanged } from './changes.ts';
import { type Anchor, findAnchors, findGrid } from './find-grid.ts';
import { type GreyIndex, indexGreyFonts } from './grey-index.ts';
import { flatten } from './flatten.ts';
import { findGreyGrid, GreyReader } from './grey-reader.ts';
import { GridReader } from './grid-reader.ts';
import { isKnownAt, type TextRegion } from './text-region.ts';

/** Grids that one screen may have: of messages, and of each line of a graphical menu. */
const mostRegions = 8;
/** A console has sixteen colours. */
const fewColours = 16;
/** A picture has more. */
const manyColours = 100;

interface FontIndexes {
  sharp: readonly CellIndex[];
  soft: readonly GreyIndex[];
}

let indexes: FontIndexes | undefined;

function fontIndexes(): FontIndexes {
  indexes ??= { sharp: indexFonts(loadFonts()), soft: indexGreyFonts(loadFonts()) };
  return indexes;
}

/** Reads a screen's text off its pictures. What it learned from one, its grids above all, it uses for the next. */
export class ScreenReader {
  readonly #changes = new Changes();
  #canvas: Canvas = this.#changes.canvas;
  #readers: (GridReader | GreyReader)[] = [];
  #regions: TextRegion[] = [];
  /** What was drawn that is no text, when it was searched last. */
  #rest = '';

  /** The text on this picture, by the grids that it stands on. */
  read(picture: Picture): readonly TextRegion[] {
    const change = this.#changes.take(picture);
    if (change === null) return this.#regions;
    if (change.isOther) this.#forget();
    this.#canvas = this.#changes.canvas;
    this.#readAgain(change.hasChanged);
    this.#search();
    return this.#regions;
  }

  #forget(): void {
    this.#readers = [];
    this.#rest = '';
  }

  /** The grids that were known; those on which nothing stands any more are forgotten. */
  #readAgain(hasChanged: HasChanged): void {
    this.#regions = [];
    this.#readers = this.#readers.filter((reader, index) => {
      const region = reader.read(this.#canvas, index === 0 ? hasChanged : () => true, this.#isTaken);
      const isText = region.known.some((known) => known === 1);
      if (isText) this.#regions.push(region);
      return isText;
    });
  }

  /** Looks for grids where something is drawn that is no text of those that are known. */
  #search(): void {
    // The rest is the picture's.
    while (!this.#readers.some((reader) => reader instanceof GridReader && reader.grid.isBeforePicture)) {
      const anchors = findAnchors(this.#canvas, this.#isTaken);
      const rest = fingerprint(anchors);
      if (rest === this.#rest || this.#readers.length >= mostRegions) return;
      this.#rest = rest;
      const reader = this.#find(anchors) ?? this.#findFlat(anchors);
      if (reader === null) return;
      this.#readers.push(reader);
      this.#regions.push(reader.read(this.#canvas, () => true, this.#isTaken));
    }
  }

  #find(anchors: readonly Anchor[]): GridReader | GreyReader | null {
    return this.#coloursAt(anchors) > fewColours
      ? (this.#findSoft(anchors) ?? this.#findSharp(anchors))
      : (this.#findSharp(anchors) ?? this.#findSoft(anchors));
  }

  /** Text that is mixed with a picture behind it: its grid shows where that is left out. */
  #findFlat(anchors: readonly Anchor[]): GridReader | null {
    if (this.#readers.length > 0 || this.#coloursAt(anchors) < manyColours) return null;
    const flat = flatten(this.#canvas);
    const grid = findGrid(flat, fontIndexes().sharp, findAnchors(flat, this.#isTaken));
    if (grid === null) return null;
    return new GridReader(this.#canvas, { ...grid, isBeforePicture: true });
  }

  /** Soft edges have many colours, a console has few. */
  #coloursAt(anchors: readonly Anchor[]): number {
    const { width, colours } = this.#canvas;
    return new Set(anchors.map(({ x, y }) => colours[y * width + x])).size;
  }

  #findSharp(anchors: readonly Anchor[]): GridReader | null {
    const grid = findGrid(this.#canvas, fontIndexes().sharp, anchors);
    if (grid === null) return null;
    return new GridReader(this.#canvas, {
      ...grid,
      isBeforePicture: this.#coloursAt(anchors) >= manyColours,
    });
  }

  #findSoft(anchors: readonly Anchor[]): GreyReader | null {
    if (this.#readers.length > 0) return null;
    const grid = findGreyGrid(this.#canvas, fontIndexes().soft, anchors);
    return grid === null ? null : new GreyReader(this.#canvas, grid);
  }

  readonly #isTaken = (x: number, y: number): boolean =>
    this.#regions.some((region) => isKnownAt(region, x, y));
}

function fingerprint(anchors: readonly Anchor[]): string {
  let hash = 0;
  for (const { x, y } of anchors) hash = Math.imul(hash ^ (y * 65_536 + x), 0x9e3779b1);
  return `${anchors.length} ${hash}`;
}
