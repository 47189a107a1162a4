import { basename, join } from 'node:path';
import { InventoryReader } from '../../compare/read-inventory.ts';
import type { RecordedCell, RecordedRun } from '../../compare/recorded.ts';
import type { CellRecord, RunRecord } from '../../report/record/record.ts';
import { readGivenFile } from '../given-file.ts';

/**
 * A run as it is compared.
 * @param out its output directory, where the cells' inventories lie
 * @param name what it is called in a sentence
 */
export function recordedRun(record: RunRecord, { out, name }: { out: string; name: string }): RecordedRun {
  const reader = new InventoryReader();
  return {
    name,
    contract: record.contract,
    started: record.started,
    images: record.digests.flatMap(({ path, before }) =>
      before === null ? [] : [{ name: basename(path), sha256: before }],
    ),
    cells: record.cells.map((cell) => recordedCell(cell, out, reader)),
  };
}

function recordedCell(cell: CellRecord, out: string, reader: InventoryReader): RecordedCell {
  const { summary, verdict, reason, checks, inventory } = cell;
  const { id, format, arch = '' } = summary;
  return {
    id,
    format,
    arch,
    verdict,
    reason,
    checks: checks.map((check) => ({ name: check.name, verdict: check.verdict, reason: check.reason })),
    inventory: inventory === null ? null : read(out, inventory.file, reader),
  };
}

/** A guest tells some hundred kilobytes, and at most two mebibytes before they are made JSON. */
const mostBytes = 32 * 2 ** 20;

/** One that was removed, or is none of ours, is none; an event may come from somebody else, and leads nowhere but to `cells/`. */
function read(out: string, file: string, reader: InventoryReader): RecordedCell['inventory'] {
  try {
    if (!/^cells\/[^/]+\/[^/]+$/.test(file) || file.includes('/../')) return null;
    return reader.read(readGivenFile(join(out, file), mostBytes));
  } catch {
    return null;
  }
}
