import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fold } from '../../harness/report/record/fold.ts';
import { readEvents } from '../../harness/report/record/read-events.ts';
import { byteOrder, lastAttempt } from '../../harness/report/record/record.ts';

const file = join(import.meta.dirname, 'proof.json');

const proofSchema = z.strictObject({
  /** The day of the run, UTC. */
  date: z.iso.date(),
  /** The ways in that were proven. */
  access: z.array(z.string()),
  /** The checks that passed. */
  checks: z.array(z.string()),
  accelerator: z.string(),
  qemu: z.string(),
});
export type Proof = z.infer<typeof proofSchema>;

/** The last recorded boot of each cell that passed, by its id without label. */
export const readProofs = (): Record<string, Proof> =>
  z.record(z.string(), proofSchema).parse(JSON.parse(readFileSync(file, 'utf8')));

/** Adds what passed in a run; of several images of one kind the first by id stands. */
export function recordRun(out: string): void {
  const { cells, started, accelerator, qemu } = fold(readEvents(join(out, 'events.jsonl')));
  const found: Record<string, Proof> = {};
  for (const cell of cells) {
    const { id, arch } = cell.summary;
    if (cell.verdict !== 'passed' || arch === undefined) continue;
    found[id.split('.').slice(0, 4).join('.')] ??= {
      date: started.slice(0, 10),
      access: (lastAttempt(cell)?.accesses ?? []).map(({ access }) => access),
      checks: cell.checks.filter(({ verdict }) => verdict === 'passed').map(({ name }) => name),
      accelerator: accelerator[arch]?.name ?? '',
      qemu: /\d+\.\d+(?:\.\d+)?/.exec(qemu[arch] ?? '')?.[0] ?? '',
    };
  }
  const all = Object.entries({ ...readProofs(), ...found }).toSorted(([a], [b]) => byteOrder(a, b));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}
