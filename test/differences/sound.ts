import { join } from 'node:path';
import { acrossOf } from '../../harness/cli/runs/compare-run.ts';
import { readRuns } from '../../harness/cli/runs/earlier-runs.ts';
import { ownDigest } from '../../harness/cli/own-digest.ts';
import type { RecordedCell, RecordedRun } from '../../harness/compare/recorded.ts';
import { readEvents } from '../../harness/report/record/read-events.ts';
import { formatPaths } from '../../reference/formats.ts';
import { boot } from './boot.ts';

/** The cell that is changed, and those of other formats that it is held beside: with two, most agree. */
export const changedCell = 'qemu.x86_64.bios.disk';
const formats = {
  [changedCell]: 'qemu',
  'qemu-efi.x86_64.uefi.disk': 'qemu-efi',
  'iso-installer.x86_64.bios.cdrom': 'iso-installer',
} as const;

export interface Place {
  /** Directory of the built reference images. */
  reference: string;
  contract: string;
  /** Directory of the sound cells' reports, one a cell. */
  sound: string;
  signal: AbortSignal;
}

/**
 * What the sound images say they are: each is booted, unless that was done by the same harness before.
 * @throws Error where they are not sound, or differ from each other: nothing could be told then.
 */
export async function soundCells(place: Place): Promise<RecordedCell[]> {
  const { reference, contract, sound, signal } = place;
  const cells: RecordedCell[] = [];
  let last: RecordedRun | undefined;
  for (const [cell, format] of Object.entries(formats)) {
    const out = soundReport(place, cell);
    if (!isFresh(out))
      await boot({ cell, image: join(reference, formatPaths[format]), contract, out, signal });
    [last] = readRuns(out);
    const [told] = last.cells;
    if (told?.verdict !== 'passed' || told.inventory === null)
      throw new Error(
        `the sound ${cell} in ${sound} ${told?.verdict ?? 'was not run'}: ${told?.reason ?? ''}`,
      );
    cells.push(told);
  }
  const [drift] =
    last === undefined ? [] : acrossOf({ ...last, cells }, { differences: { drift: 'fail' } }).drifts;
  if (drift !== undefined)
    throw new Error(`the sound images differ from each other: ${JSON.stringify(drift)}`);
  return cells;
}

/** The report of one sound cell. */
export const soundReport = ({ sound }: Pick<Place, 'sound'>, cell: string): string => join(sound, cell);

/** Whether this is the report of a run that ended, by the harness as it is now. */
function isFresh(out: string): boolean {
  try {
    const events = readEvents(join(out, 'events.jsonl'));
    const started = events.find((event) => event.type === 'run-started');
    const finished = events.find((event) => event.type === 'run-finished');
    return started?.harnessDigest === ownDigest() && finished?.exitCode === 0;
  } catch {
    return false;
  }
}
