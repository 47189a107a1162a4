import type { AnyCell } from '../../matrix/cell.ts';

/** What `--list` prints: an id a line, so that it can be piped; what cannot run says why behind it. */
export const listing = (cells: readonly AnyCell[]): string =>
  cells.map(({ id, skip }) => `${id}${skip === undefined ? '' : `  (skipped: ${skip})`}\n`).join('');
