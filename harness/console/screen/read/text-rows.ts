import type { TextRegion } from './text-region.ts';

interface Line {
  text: string;
  x: number;
  y: number;
  height: number;
}

/** The text of a screen row by row, from top to bottom: what stands on one height, on several grids, is one row. */
export function textRows(regions: readonly TextRegion[]): string[] {
  const [first, ...others] = regions;
  if (first === undefined) return [];
  if (others.length === 0) return first.rows;
  const lines = regions
    .flatMap(({ rows, x, y, height }) =>
      rows.map((text, row): Line => ({ text, x, y: y + row * height, height })),
    )
    .filter(({ text }) => text !== '')
    .sort((a, b) => a.y - b.y || a.x - b.x);
  return [...Map.groupBy(lines, bandOf()).values()].map((band) =>
    band
      .sort((a, b) => leftOf(a) - leftOf(b))
      .map(({ text }, index) => (index === 0 ? text : text.trimStart()))
      .join('  '),
  );
}

/** Numbers bands of lines that stand beside each other: each overlaps the first of its band by half of its height. */
function bandOf(): (line: Line) => number {
  let band = 0;
  let first: Line | undefined;
  return (line) => {
    if (first === undefined || line.y - first.y > first.height / 2) {
      first = line;
      band += 1;
    }
    return band;
  };
}

/** Where its text begins, in characters from the left; grids have cells of like widths. */
const leftOf = ({ text }: Line): number => text.length - text.trimStart().length;
