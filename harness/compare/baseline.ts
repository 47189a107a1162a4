/** The compact file of earlier runs: small enough to be committed, or attached to a release. */
import { z } from 'zod';
import { type Inventory, inventorySchema, type Part, type PartName, partNames } from '../inventory.ts';
import type { RecordedCell, RecordedRun } from './recorded.ts';

const text = z.string().max(2000);

const baselineSchema = z.strictObject({
  kind: z.literal('boot-matrix baseline'),
  version: z.literal(1),
  /** The newest first. */
  runs: z
    .array(
      z.strictObject({
        contract: text,
        started: text,
        images: z.array(z.strictObject({ name: text, sha256: text })),
        cells: z.array(
          z.strictObject({
            id: text,
            format: text,
            arch: text,
            verdict: text,
            reason: text,
            checks: z.array(z.strictObject({ name: text, verdict: text, reason: text })),
            /** Its parts by their places in `parts`; null: the guest was not asked. */
            inventory: inventorySchema
              .omit({ parts: true })
              .extend({ parts: z.array(z.int().nonnegative()).length(partNames.length) })
              .nullable(),
          }),
        ),
      }),
    )
    .min(1),
  /** Each part that any of the cells has, once. */
  parts: z.array(inventorySchema.shape.parts.shape.os),
});

type Baseline = z.infer<typeof baselineSchema>;

/** The text of the file. @param runs the newest first. */
export function baselineText(runs: readonly RecordedRun[]): string {
  const places = new Map<string, number>();
  const place = (part: Part): number => {
    const key = JSON.stringify(part);
    const known = places.get(key) ?? places.size;
    places.set(key, known);
    return known;
  };
  const told = runs.map(({ contract, started, images, cells }) => ({
    contract,
    started,
    images,
    cells: cells.map((cell) => ({
      ...cell,
      inventory:
        cell.inventory === null
          ? null
          : {
              ...cell.inventory,
              parts: partNames.map((name) => place((cell.inventory as Inventory).parts[name])),
            },
    })),
  }));
  const runLines = told.map((run) => JSON.stringify(run)).join(',\n');
  return `{"kind":"boot-matrix baseline","version":1,"runs":[\n${runLines}\n],"parts":[\n${[...places.keys()].join(',\n')}\n]}\n`;
}

/**
 * Reads such a file.
 * @param name what it is called in a sentence
 * @throws Error one clause that says what was expected and what was got.
 */
export function readBaseline(content: string, name: string): [RecordedRun, ...RecordedRun[]] {
  const data = parse(content);
  const [first, ...rest] = data.runs.map(({ contract, started, images, cells }) => ({
    name,
    contract,
    started,
    images,
    cells: cells.map((cell) => Object.assign(cell, { inventory: inventoryOf(cell.inventory, data.parts) })),
  }));
  if (first === undefined) throw new Error('expected at least one run, got none');
  return [first, ...rest];
}

function parse(content: string): Baseline {
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch {
    throw new Error('expected JSON, got something else, or a part of it');
  }
  const { kind, version } = (typeof data === 'object' && data !== null ? data : {}) as Record<
    string,
    unknown
  >;
  if (kind !== 'boot-matrix baseline') throw new Error('expected what `boot-matrix baseline` writes');
  if (version !== 1) throw new Error(`expected version 1, got ${JSON.stringify(version)?.slice(0, 20)}`);
  const { success, data: baseline, error } = baselineSchema.safeParse(data);
  if (!success)
    throw new Error(`${error.issues[0]?.path.join('.') ?? ''}: ${error.issues[0]?.message ?? ''}`);
  return baseline;
}

type Told = Baseline['runs'][number]['cells'][number]['inventory'];

function inventoryOf(told: Told, parts: readonly Part[]): RecordedCell['inventory'] {
  if (told === null) return null;
  const found = partNames.map((name, index): [PartName, Part] => {
    const part = parts[told.parts[index] ?? -1];
    if (part === undefined) throw new Error(`expected a part at place ${told.parts[index]}, got none`);
    return [name, part];
  });
  return { ...told, parts: Object.fromEntries(found) as Record<PartName, Part> };
}
