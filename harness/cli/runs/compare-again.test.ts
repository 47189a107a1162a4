import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { inventoryWith, type Otherwise } from '../../compare/testing/cells.ts';
import type { DifferenceRules } from '../../difference.ts';
import type { RunEvent } from '../../events.ts';
import { inventoryText } from '../../inventory.ts';
import { compareAgain } from './compare-again.ts';

const stamp = { time: '2026-11-28T12:00:00.000Z', at: 1 };

/** The events of a run of two cells, and its directory with what they said. */
async function runOf(rules: DifferenceRules | undefined, ...otherwise: [Otherwise, Otherwise]) {
  const out = await scratchDirectory();
  const ids = ['qemu.x86_64.bios.disk', 'oci.x86_64.uefi.disk'];
  const told = await Promise.all(
    ids.map(async (id, index) => {
      const file = join('cells', id, 'inventory.json');
      await mkdir(join(out, 'cells', id), { recursive: true });
      await writeFile(join(out, file), inventoryText(inventoryWith(otherwise[index])));
      return { ...stamp, type: 'inventory', cell: id, file, seconds: 1, unread: [] };
    }),
  );
  const cells = ids.map((id) => ({ id, format: id.split('.')[0], arch: 'x86_64' }));
  const events = [
    { ...stamp, type: 'run-started', cells, ...(rules === undefined ? {} : { rules }) },
    ...told,
    { ...stamp, type: 'run-finished', exitCode: 0, interrupted: false },
  ] as unknown as RunEvent[];
  return { events, out };
}

const other: Otherwise = { packages: { curl: '9' } };

test('cells that were never compared are, by the rules of their run', async () => {
  const { events, out } = await runOf({}, {}, other);
  expect(compareAgain(events, out).slice(-2)).toMatchObject([
    { type: 'compared', across: { level: 'fail', cells: 2, drifts: [{ part: 'packages' }] } },
    { type: 'run-finished', exitCode: 1 },
  ]);
  const lenient = await runOf({ differences: { drift: 'warn' } }, {}, other);
  expect(compareAgain(lenient.events, lenient.out).at(-1)).toMatchObject({ exitCode: 0 });
  const allowed = await runOf({ mayDiffer: [{ part: 'packages', name: 'c*', why: '' }] }, {}, other);
  expect(compareAgain(allowed.events, allowed.out).at(-2)).toMatchObject({ across: { drifts: [] } });
});

test('a run that was cut off, or whose rules nobody knows, stays as it was told', async () => {
  const { events, out } = await runOf(undefined, {}, other);
  expect(compareAgain(events, out)).toBe(events);
  const whole = await runOf({}, {}, other);
  const cut = whole.events.slice(0, -1);
  expect(compareAgain(cut, whole.out)).toBe(cut);
});
