/** Stands for a cell with something in it that nobody knows. */
export const gap = '\ufffd';

/** Text on one grid. */
export interface TextRegion {
  /** The font that it has most of. */
  font: string;
  /** Of one cell, in pixels. */
  width: number;
  height: number;
  /** Of the first cell, in pixels. */
  x: number;
  y: number;
  columns: number;
  /** Row by row, blanks at their ends cut off. */
  rows: string[];
  /** Cells in which something stands that nobody knows. */
  gaps: number;
  /** Of each cell, row by row: the colour of the paper. */
  papers: Uint32Array;
  /** Of each cell: whether a character was read there. */
  known: Uint8Array;
  /** Where a cursor stands on a cell or below its character; both counted from 0. */
  cursor: { row: number; column: number } | null;
}

/** Whether a character was read where this pixel is. */
export function isKnownAt(region: TextRegion, x: number, y: number): boolean {
  const { width, height, columns, rows, known } = region;
  const column = Math.floor((x - region.x) / width);
  const row = Math.floor((y - region.y) / height);
  return (
    column >= 0 && row >= 0 && column < columns && row < rows.length && known[row * columns + column] === 1
  );
}
