import type { Canvas } from './canvas.ts';
import { inkOf } from './cells.ts';
import { type Drawn, isAscii, isLikeInk, pixelsLike } from './drawn.ts';
import type { Grid } from './find-grid.ts';
import { type Findings, isFrame, nearby, noPaper, onlyPicture } from './findings.ts';

/** So near to a character, in cells, a dot or a line in the very same ink is taken for one. */
const far = 6;
/** How much of a cell between two characters, before a picture, is ink where something stands that nobody knows. */
const inkShare = { least: 0.03, most: 0.4 };

/** Tells text from the picture behind it, in the cells with many colours. */
export function lookBeforePictures(
  canvas: Canvas,
  { index, x, y, isBeforePicture = false }: Grid,
  { columns, entries, blank, ink, paper, drawn }: Findings,
  inks: ReadonlySet<number>,
): void {
  const { width, height } = index;
  const isPicture = (at: number): boolean => paper[at] === noPaper && blank[at] !== 1;
  const take = (at: number, one: Drawn | undefined): void => {
    if (one !== undefined) [entries[at], ink[at]] = [one.entry, one.ink];
  };
  const rows = new Uint32Array(height);
  const candidates = [...drawn];
  for (let at = 0; at < entries.length; at++) {
    // A line of the picture's own.
    if (isBeforePicture && isFrame(entries[at]) && !inks.has(ink[at]!))
      [entries[at], paper[at]] = [undefined, onlyPicture];
    if (!isPicture(at)) continue;
    const left = x + (at % columns) * width;
    const top = y + Math.floor(at / columns) * height;
    // Ink that is not mixed with the picture leaves no doubt.
    for (const colour of inks) {
      inkOf(canvas, left, top, { width, ink: colour }, rows);
      const entry = index.find(rows);
      if (entry === undefined || entries[at]?.isProof === true) continue;
      if (entry.isProof || isFrame(entry)) take(at, { entry, ink: colour });
      else if (isAscii(entry)) candidates[at] = [{ entry, ink: colour }, ...candidates[at]!];
    }
    if (entries[at] === undefined)
      take(
        at,
        candidates[at]!.find(({ entry }) => entry.isProof),
      );
  }
  const isRead = entries.map((entry) => entry?.isProof === true);
  const inksBeside = (at: number, most: number): number[] => {
    const row = Math.floor(at / columns);
    const besides = Array.from({ length: most }, (_, by) => [at - by - 1, at + by + 1]).flat();
    return besides
      .filter((other) => Math.floor(other / columns) === row && isRead[other] === true)
      .map((other) => ink[other]!);
  };
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at];
    if (!(isBeforePicture || isPicture(at)) || entry?.isProof !== true || isAscii(entry)) continue;
    if (inksBeside(at, nearby).some((other) => isLikeInk(ink[at]!, other))) continue;
    // A picture has strokes that look like some sign of some script.
    [entries[at], isRead[at], paper[at]] = [undefined, false, noPaper];
  }
  /** A dot or a line is what its neighbours' ink makes of it. */
  const readBeside = (at: number): void => {
    if (!isPicture(at) || entries[at] !== undefined) return;
    take(
      at,
      candidates[at]!.find((one) =>
        inks.has(one.ink)
          ? inksBeside(at, far).includes(one.ink)
          : inksBeside(at, nearby).some((other) => isLikeInk(one.ink, other)),
      ),
    );
    isRead[at] = entries[at] !== undefined;
  };
  for (let at = 0; at < entries.length; at++) readBeside(at);
  for (let at = entries.length - 1; at >= 0; at--) readBeside(at);
  for (let at = 0; at < entries.length; at++) {
    if (!isPicture(at) || entries[at] !== undefined) continue;
    const besides = inksBeside(at, 1);
    const left = x + (at % columns) * width;
    const top = y + Math.floor(at / columns) * height;
    const share = (colour: number): number =>
      pixelsLike(canvas, index, left, top, { colour, exactly: inks.has(colour) }) / (width * height);
    const isUnknown =
      besides.length === 2 &&
      besides.map(share).some((part) => part >= inkShare.least && part <= inkShare.most);
    if (!isUnknown) paper[at] = onlyPicture;
  }
}
