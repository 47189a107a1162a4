import type { Cell } from '../../matrix/cell.ts';

/** What `--list` prints: an id a line, so that it can be piped; what cannot run says why behind it. */
export const listing = (cells: readonly Cell[]): string =>
  cells.map(({ id, skip }) => `${id}${skip === undefined ? '' : `  (skipped: ${skip})`}\n`).join('');
