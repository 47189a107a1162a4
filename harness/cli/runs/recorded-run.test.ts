import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { inventoryWith } from '../../compare/testing/cells.ts';
import type { RunEvent } from '../../events.ts';
import { inventoryText } from '../../inventory.ts';
import { fold } from '../../report/record/fold.ts';
import { recordedRun } from './recorded-run.ts';

const cell = {
  id: 'qemu.x86_64.bios.disk',
  format: 'qemu',
  arch: 'x86_64',
  firmware: '',
  medium: '',
  image: '',
};

/** What is read of a cell whose event names this file. */
function inventoryAt(out: string, file: string) {
  const stamp = { time: '', at: 0 };
  const events = [
    { ...stamp, type: 'run-started', cells: [cell] },
    { ...stamp, type: 'inventory', cell: cell.id, file, seconds: 1, unread: [] },
  ] as unknown as RunEvent[];
  return recordedRun(fold(events), { out, name: 'x' }).cells[0]?.inventory;
}

test('what a cell said it is is read where reports have it, and nowhere else', async () => {
  const directory = await scratchDirectory();
  const out = join(directory, 'reports');
  await mkdir(join(out, 'cells', cell.id), { recursive: true });
  const file = join('cells', cell.id, 'inventory.json');
  await writeFile(join(out, file), inventoryText(inventoryWith()));
  await writeFile(join(directory, 'inventory.json'), await readFile(join(out, file)));
  expect(inventoryAt(out, file)).toEqual(inventoryWith());
  for (const elsewhere of [
    '../inventory.json',
    'cells/../../inventory.json',
    join(directory, 'inventory.json'),
  ])
    expect(inventoryAt(out, elsewhere)).toBeNull();
  // A pipe is not waited for.
  await rm(join(out, file));
  await execa('mkfifo', [join(out, file)]);
  expect(inventoryAt(out, file)).toBeNull();
});
