import type { Inventory } from '../../inventory.ts';
import type { RecordedCell } from '../../compare/recorded.ts';
import type { CellBoot } from '../../compare/trends.ts';
import { count } from '../../report/terminal/lines.ts';
import { type Attempt, type CellRecord, lastAttempt, type RunRecord } from '../../report/record/record.ts';

/** Cells whose boot took what a sound one takes. */
const sound: ReadonlySet<string> = new Set(['passed', 'flaky', 'known']);

/**
 * What the sound cells of a run took to boot.
 * @param project what tells its cells from those of the same names in other projects
 * @param cells the same cells with what their guests said
 */
export function recordedBoots(
  record: RunRecord,
  { project, cells }: { project: string; cells: readonly RecordedCell[] },
): CellBoot[] {
  const inventories = new Map(cells.map(({ id, inventory }) => [id, inventory]));
  return record.cells.flatMap((cell) => {
    const accelerator = record.accelerator[cell.summary.arch ?? ''];
    const attempt = lastAttempt(cell);
    const machine = attempt?.machines.at(-1);
    if (attempt === undefined || machine === undefined || accelerator === undefined) return [];
    if (!sound.has(cell.verdict) || attempt.phases.every(({ phase }) => phase !== 'shell')) return [];
    const { cpus, memoryMiB, rung } = machine;
    const boot = {
      subject: subjectOf(cell, project, record.contract),
      machine: [
        accelerator.name,
        count(cpus, 'processor'),
        `${memoryMiB} MiB`,
        ...(rung === undefined ? [] : [`by ${rung}`]),
      ].join(', '),
      slowness: accelerator.slowness,
      figures: { ...phaseFigures(attempt), ...stageFigures(inventories.get(cell.summary.id) ?? null) },
    };
    return [{ cell: cell.summary.id, boot }];
  });
}

/** A repetition is one more boot of the same. */
const subjectOf = ({ summary: { id } }: CellRecord, project: string, contract: string): string =>
  [project, contract, id.replace(/\.repeat-\d+$/, '')].join(' ').slice(-300);

/** Seconds until each phase was seen, without those in which the host gave QEMU no processor, and those of processor. */
function phaseFigures({ phases }: Attempt): Record<string, number> {
  const figures: [string, number][] = [];
  for (const { phase, seconds, cpuSeconds, starvedSeconds = 0 } of phases) {
    if (phase === 'firmware') continue;
    figures.push([phase, Math.max(0, seconds - starvedSeconds)]);
    if (cpuSeconds !== undefined) figures.push([`${phase} cpu`, cpuSeconds]);
  }
  return Object.fromEntries(figures);
}

/** The stages of the boot as systemd counts them. */
function stageFigures(inventory: Inventory | null): Record<string, number> {
  if (inventory === null || !('facts' in inventory.parts.boot)) return {};
  const stages = Object.entries(inventory.parts.boot.facts).filter(([name]) => name.startsWith('systemd '));
  return Object.fromEntries(
    stages.map(([name, value]) => [name, Number(value)] as const).filter(([, value]) => value >= 0),
  );
}
