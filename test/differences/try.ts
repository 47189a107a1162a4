import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import { acrossOf } from '../../harness/cli/compare-run.ts';
import { readRuns } from '../../harness/cli/earlier-runs.ts';
import type { Comparison } from '../../harness/difference.ts';
import { formatPaths } from '../../reference/formats.ts';
import { disk } from '../defects/make/disk.ts';
import { boot } from './boot.ts';
import type { Difference } from './difference.ts';
import type { Outcome } from './judge.ts';

/** The cell that is changed, and those that it is held beside. */
const changedCell = 'qemu.x86_64.bios.disk';
const soundCells = [changedCell, 'qemu-efi.x86_64.uefi.disk', 'iso-installer.x86_64.bios.cdrom'];

export interface Place {
  /** Directory of the built reference images. */
  reference: string;
  contract: string;
  /** Directory of the sound images' report. */
  sound: string;
  signal: AbortSignal;
}

/** Boots the sound images. @throws Error where they are not sound, or differ from each other: nothing could be told then. */
export async function bootSound({ reference, contract, sound, signal }: Place): Promise<void> {
  const images = ['qemu', 'qemu-efi', 'iso-installer'].map((format) =>
    join(reference, formatPaths[format as keyof typeof formatPaths]),
  );
  await boot({ filters: soundCells, images, contract, out: sound, signal });
  const { cells, comparison } = await readSummary(sound);
  const bad = cells.find(({ verdict }) => verdict !== 'passed');
  if (bad !== undefined) throw new Error(`${bad.id} of the sound images ${bad.verdict}: ${bad.reason}`);
  const [drift] = comparison?.across.drifts ?? [];
  if (comparison?.across.cells !== soundCells.length || drift !== undefined)
    throw new Error(
      `the sound images differ from each other, or were not compared: ${JSON.stringify(drift)}`,
    );
}

/** Makes the changed image, boots it, and holds it beside the sound ones. */
export async function tryDifference(
  { edits }: Difference,
  { reference, contract, sound, out, signal }: Place & { out: string },
): Promise<Outcome> {
  const { path: scratch, cleanup } = await dir({ prefix: 'bmd', unsafeCleanup: true });
  try {
    const image = await disk('qemu', edits)(reference, scratch);
    await boot({ filters: [changedCell], images: [image], contract, out, baseline: sound, signal });
  } finally {
    await cleanup();
  }
  const { cells, comparison } = await readSummary(out);
  const [cell] = cells;
  if (cell === undefined) throw new Error('its summary has no cell');
  const [changed] = readRuns(out);
  const [before] = readRuns(sound);
  const others = before.cells.filter(({ id }) => id !== changedCell);
  const across = acrossOf(
    { ...changed, cells: [...changed.cells, ...others] },
    { differences: { drift: 'fail' } },
  );
  const { id, verdict, reason } = cell;
  return { cell: id, verdict, reason, against: comparison?.against ?? null, across };
}

interface Summary {
  cells: { id: string; verdict: string; reason: string }[];
  comparison: Comparison | null;
}

const readSummary = async (out: string): Promise<Summary> =>
  JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')) as Summary;
