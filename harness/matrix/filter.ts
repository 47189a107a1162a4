import { didYouMean } from '../did-you-mean.ts';
import { UsageError } from '../errors.ts';
import { globExpression } from '../glob.ts';
import type { AnyCell } from './cell.ts';

type Named = Pick<AnyCell, 'id' | 'format'>;

/** More ids than this are not listed in a message. */
const maxListed = 24;

/**
 * The cells that one filter or more selects, in their order; all of them without a filter. A filter with `*` has to
 * match a whole id (`qemu.*`, `*.uefi.*`); a whole id selects just that cell; any other text selects the ids that contain it.
 * @throws UsageError `unknown-filter` for a filter that selects nothing
 */
export function filterCells<T extends Named>(cells: readonly T[], filters: readonly string[]): T[] {
  if (filters.length === 0) return [...cells];
  const unknown = filters.filter((filter) => cellsOf(cells, filter).length === 0);
  if (unknown.length > 0) throw unknownFilters(cells, unknown);
  const selected = new Set(filters.flatMap((filter) => cellsOf(cells, filter)));
  return cells.filter((cell) => selected.has(cell));
}

/** The cells that one filter selects; may be none. */
export function cellsOf<T extends Pick<Named, 'id'>>(cells: readonly T[], filter: string): T[] {
  const exact = cells.filter(({ id }) => id === filter);
  if (exact.length > 0) return exact;
  return cells.filter(({ id }) =>
    filter.includes('*') ? globExpression(filter).test(id) : id.includes(filter),
  );
}

function unknownFilters(cells: readonly Named[], unknown: readonly string[]): UsageError {
  const ids = cells.map(({ id }) => id);
  const listed = ids.length <= maxListed ? ids : [...new Set(cells.map(({ format }) => `${format}.*`))];
  return new UsageError(
    'unknown-filter',
    `${unknown.map((filter) => `"${filter}"`).join(', ')}: expected a filter that selects a cell, got one that selects none; choose from ${listed.join(', ')}${unknown.map((filter) => nearestTo(filter, ids)).join('')}.`,
  );
}

/** A whole id, or a part of one, that a filter is a slip of. */
function nearestTo(filter: string, ids: readonly string[]): string {
  const parts = ids.flatMap((id) => id.split('.'));
  return didYouMean(filter.replaceAll(/\.?\*\.?/g, ''), [...parts, ...ids]);
}
