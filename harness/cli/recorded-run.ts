import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InventoryReader } from '../compare/read-inventory.ts';
import type { RecordedCell, RecordedRun } from '../compare/recorded.ts';
import type { CellRecord, RunRecord } from '../report/record/record.ts';

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
  const { id, format, arch } = summary;
  return {
    id,
    format,
    arch,
    verdict,
    reason,
    checks: checks.map((check) => ({ name: check.name, verdict: check.verdict, reason: check.reason })),
    inventory: inventory === null ? null : read(join(out, inventory.file), reader),
  };
}

/** One that was removed, or is none of ours, is none. */
function read(file: string, reader: InventoryReader): RecordedCell['inventory'] {
  try {
    return reader.read(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
