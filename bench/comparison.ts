import { execa } from 'execa';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inventoryText, type Part } from '../harness/inventory.ts';
import { inventoryWith } from '../harness/compare/testing/cells.ts';
import { makeWorld } from '../test/cli.ts';
import type { Result } from './result.ts';

const cells = 2000;
/** What a NixOS desktop has: names of its closure, files below /etc, units. */
const sizes = { packages: 2500, etc: 800, units: 500 };
/** So many different sets of packages, of files and of units are among the cells. */
const variants = 25;

/** 2,000 recorded inventories of a large system read and compared across formats, and with an earlier run of the same. */
export async function comparison(): Promise<Result[]> {
  await using world = await makeWorld({ ownCache: true });
  await record(world.out);
  const script = join(import.meta.dirname, 'comparison-child.ts');
  const { stdout } = await execa(process.execPath, ['--optimize-for-size', script, world.out]);
  const { across, against, mebibytes, drifts, changes } = JSON.parse(stdout) as Record<string, number>;
  const of = `${drifts} drifts, ${changes} changes; across formats ${across?.toFixed(2)} s, against a baseline ${against?.toFixed(2)} s of processor`;
  return [
    {
      name: `reading and comparing ${cells} inventories`,
      value: (across ?? 0) + (against ?? 0),
      unit: 's',
      goal: 5,
      of,
    },
    {
      name: `most memory while ${cells} inventories are compared`,
      value: mebibytes ?? 0,
      unit: 'MiB',
      goal: 500,
      of: 'VmHWM of its process',
    },
  ];
}

/** Writes the report of a run as far as it is compared. */
async function record(out: string): Promise<void> {
  const base = inventoryWith();
  const texts = Array.from({ length: variants }, (_, variant) => {
    const part = (name: string, count: number): Part => ({
      facts: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `${name}-of-some-usual-length-${index}`,
          index < 3 * (variant % 5) ? `variant ${variant}` : `1.${index}.0 0123456789abcdef`,
        ]),
      ),
    });
    const parts = {
      packages: part('package', sizes.packages),
      etc: part('/etc/file', sizes.etc),
      units: part('unit', sizes.units),
    };
    return inventoryText({ ...base, parts: { ...base.parts, ...parts } });
  });
  for (let index = 0; index < cells; index++) {
    const directory = join(out, 'cells', `f${index % 26}.x86_64.uefi.disk.${index}`);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'inventory.json'), texts[index % variants] ?? '');
  }
}
