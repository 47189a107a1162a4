import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inventorySchema, inventoryText, partNames } from '../harness/inventory.ts';
import { readEventLog, untilNothingIsLeft } from './cli.ts';
import { prepareStubRun, startStubRun } from './stub-run.ts';

test('each cell that lets us in is asked what it is; one that does not is not', async () => {
  const stub = await prepareStubRun(['boots', 'panics']);
  const { world } = stub;
  await using _ = world;
  const { stderr } = await startStubRun(stub);
  expect(stderr).toBe('');
  const told = (await readEventLog(world)).filter((event) => event.type === 'inventory');
  expect(told).toHaveLength(1);
  const [{ cell = '', file = '', unread = [] } = {}] = told;
  expect(cell).toMatch(/\.guest0-boots-0$/);
  expect(unread.filter((name) => !partNames.some((one) => one === name))).toEqual([]);
  const text = await readFile(join(world.out, file), 'utf8');
  const inventory = inventorySchema.parse(JSON.parse(text));
  expect(inventory).toMatchObject({
    access: 'serial',
    parts: { kernel: { facts: { machine: expect.any(String) } } },
  });
  expect(inventoryText(inventory)).toBe(text);
  await untilNothingIsLeft(world);
});
