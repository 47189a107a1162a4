import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../harness/errors.ts';

const verdicts = ['passed', 'failed', 'error', 'skipped', 'flaky', 'known'] as const;

/** One cell that came to its end. */
const cellSchema = z.object({
  cell: z.string(),
  verdict: z.enum(verdicts),
  /** One sentence; empty when passed. */
  reason: z.string(),
  phase: z.string().nullable(),
  /** Wall time. */
  seconds: z.number(),
  /** Where its report is kept, when it did not pass. */
  report: z.string().exactOptional(),
});

/** What was run in one go, on one machine, from one commit. */
const sessionSchema = z.object({
  /** ISO 8601. */
  date: z.string(),
  commit: z.string(),
  machine: z.string(),
  /** QEMU's version and the accelerator, by guest architecture. */
  qemu: z.record(z.string(), z.string()),
  pressure: z.string(),
  /** What was run, but for what the soak adds. */
  command: z.string(),
  cells: z.array(cellSchema),
});

const recordSchema = z.object({ sessions: z.array(sessionSchema) });

export type SoakCell = z.infer<typeof cellSchema>;
export type SoakSession = z.infer<typeof sessionSchema>;
export type SoakRecord = z.infer<typeof recordSchema>;

/**
 * The sessions so far; none where there is no file.
 * @throws UsageError `soak-unreadable`
 */
export function readRecord(file: string): SoakRecord {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { sessions: [] };
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(
      'soak-unreadable',
      `Expected the record of a soak, got another file: ${file}; choose another directory with --out.`,
      { cause },
    );
  }
}

/** Written whole and renamed after each cell: a soak that is killed loses nothing that had ended. */
export function writeRecord(file: string, record: SoakRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}

export const cellsOf = ({ sessions }: SoakRecord): SoakCell[] => sessions.flatMap(({ cells }) => cells);

/** A repeat is another run of the same cell. */
export const withoutRepeat = (id: string): string => id.replace(/\.repeat-\d+$/, '');

export function countVerdicts(cells: readonly SoakCell[]): Record<SoakCell['verdict'], number> {
  const counts = Object.fromEntries(verdicts.map((one) => [one, 0])) as Record<SoakCell['verdict'], number>;
  for (const { verdict } of cells) counts[verdict] += 1;
  return counts;
}

/** The value below or at which this share of the values lies (nearest rank); 0 where there is none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
