import { type AnyCell, isReleaseCell } from './cell.ts';

/**
 * Each cell so many times, the repeats right behind it. The first keeps its id, so that what is known of it by that
 * stays true; the others get one of their own. What cannot be run is told once, and files
 * are looked at once.
 */
export function repeatCells(cells: readonly AnyCell[], times: number): AnyCell[] {
  return cells.flatMap((cell) =>
    cell.skip === undefined && !isReleaseCell(cell)
      ? Array.from({ length: times }, (_, index) =>
          index === 0 ? cell : { ...cell, id: `${cell.id}.repeat-${index + 1}`, repeatOf: cell.id },
        )
      : [cell],
  );
}
