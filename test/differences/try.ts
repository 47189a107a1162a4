import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import { acrossOf } from '../../harness/cli/runs/compare-run.ts';
import { readRuns } from '../../harness/cli/runs/earlier-runs.ts';
import type { RecordedCell } from '../../harness/compare/recorded.ts';
import type { Comparison } from '../../harness/difference.ts';
import { disk } from '../defects/make/disk.ts';
import { boot } from './boot.ts';
import type { Difference } from './difference.ts';
import type { Outcome } from './judge.ts';
import { changedCell, type Place, soundReport } from './sound.ts';

/** Makes the changed image, boots it, and holds it beside the sound ones. */
export async function tryDifference(
  { edits }: Difference,
  { sound, out, place }: { sound: readonly RecordedCell[]; out: string; place: Place },
): Promise<Outcome> {
  const { reference, contract, signal } = place;
  const { path: scratch, cleanup } = await dir({ prefix: 'bmd', unsafeCleanup: true });
  try {
    const image = await disk('qemu', edits)(reference, scratch);
    const baseline = soundReport(place, changedCell);
    await boot({ cell: changedCell, image, contract, out, baseline, signal });
  } finally {
    await cleanup();
  }
  const text = await readFile(join(out, 'summary.json'), 'utf8');
  const { comparison } = JSON.parse(text) as { comparison: Comparison | null };
  const [changed] = readRuns(out);
  const [cell] = changed.cells;
  if (cell === undefined) throw new Error('its report has no cell');
  const others = sound.filter(({ id }) => id !== changedCell);
  const across = acrossOf({ ...changed, cells: [cell, ...others] }, { differences: { drift: 'fail' } });
  const { id, verdict, reason } = cell;
  return { cell: id, verdict, reason, against: comparison?.against ?? null, across };
}
