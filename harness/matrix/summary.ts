import type { CellSummary } from '../events.ts';
import { type AnyCell, isReleaseCell } from './cell.ts';

/** A cell as `--list --json` and the reports show it. */
export function summarize(cell: AnyCell): CellSummary {
  const { id, format, skip } = cell;
  const why = skip === undefined ? {} : { skip };
  if (isReleaseCell(cell)) return { id, format, image: cell.release.directory, ...why };
  const { arch, firmware, medium, image } = cell;
  return { id, format, arch, firmware, medium, image: image.path, ...why };
}
