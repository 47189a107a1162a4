import type { Known } from '../../../config/config.ts';
import type { AnyCell } from '../../matrix/cell.ts';
import { cellsOf } from '../../matrix/filter.ts';
import type { KnownFailure } from '../../run/known.ts';

/**
 * The known failures of a config with the cells that each means.
 * @param planned every cell of the images, whether it is run or not.
 * @param tell takes a line on one that means none.
 */
export function resolveKnown(
  known: readonly Known[],
  planned: readonly AnyCell[],
  tell: (line: string) => void,
): KnownFailure[] {
  return known.map(({ cell, ...one }, index) => {
    const cells = cellsOf(planned, cell).map(({ id }) => id);
    if (cells.length === 0) tell(`known.${index}.cell: '${cell}' selects no cell of these images`);
    return { ...one, cells: new Set(cells) };
  });
}
