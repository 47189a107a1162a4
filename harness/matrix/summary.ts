import type { CellSummary } from '../events.ts';
import type { Cell } from './cell.ts';

/** A cell as `--list --json` and the reports show it. */
export function summarize({ id, format, arch, firmware, medium, image, skip }: Cell): CellSummary {
  return { id, format, arch, firmware, medium, image: image.path, ...(skip !== undefined && { skip }) };
}
