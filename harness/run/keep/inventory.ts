import { writeFile } from 'node:fs/promises';
import { takeInventory } from '../../../scenarios/inventory/take.ts';
import type { Guest } from '../../console/guest.ts';
import type { Emit } from '../../events.ts';
import { inventoryText, partNames } from '../../inventory.ts';
import { describeError } from '../fault.ts';
import type { Machine } from '../../machine/machine.ts';
import type { CellArtefacts } from './artefacts.ts';

const file = 'inventory.json';

/**
 * Puts what the guest says it is into the report. Whether it can be had changes no verdict, so this does not reject: that
 * it could not is told.
 */
export async function keepInventory(
  guest: Omit<Guest, 'note'> & { cell: string },
  machine: Pick<Machine, 'cpuSeconds'>,
  artefacts: Pick<CellArtefacts, 'attach' | 'path' | 'shown'>,
  emit: Emit,
): Promise<void> {
  try {
    const before = machine.cpuSeconds();
    const inventory = await takeInventory({ ...guest, note: () => {} });
    const after = machine.cpuSeconds();
    await writeFile(artefacts.path(file), inventoryText(inventory));
    artefacts.attach('inventory', file, { detail: true });
    emit({
      type: 'inventory',
      cell: guest.cell,
      file: artefacts.shown(file),
      seconds: inventory.seconds,
      ...(before === null || after === null ? {} : { cpuSeconds: after - before }),
      unread: partNames.filter((name) => 'unread' in inventory.parts[name]),
    });
  } catch (error) {
    const text = `${guest.cell}: what the guest is could not be asked: ${describeError(error).reason}`;
    emit({ type: 'notice', level: 'info', text });
  }
}
