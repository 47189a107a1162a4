import type { Entry } from './cell-index.ts';
import type { Drawn } from './drawn.ts';

/** What was found in the cells of a grid, each by its number: row by row from the top left. */
export interface Findings {
  columns: number;
  rows: number;
  /** Undefined: nothing that is known. */
  entries: (Entry | undefined)[];
  /** Whether a cell is of one colour. */
  blank: Uint8Array;
  ink: Uint32Array;
  paper: Uint32Array;
  /** What stands before a picture in cells of many colours. */
  drawn: (readonly Drawn[])[];
}

/** Of a cell with more than two colours no paper is known. */
export const noPaper = 2 ** 24;
/** Nor has such a cell any ink. */
export const onlyPicture = noPaper + 1;
/** So near to a proven character, in cells, a dot or a line is taken for one. */
export const nearby = 2;

/** Whether it is a piece of a frame or a line. */
export function isFrame(entry: Entry | undefined): boolean {
  const code = entry?.meanings[0]?.code ?? 0;
  return code >= 0x2500 && code <= 0x257f;
}
