/** What is kept of boots from run to run, so that a later one can be seen beside them. */
import { z } from 'zod';

const name = z.string().min(1).max(300);
const seconds = z.number().nonnegative();

export const recordedBootSchema = z.strictObject({
  /** What was booted: boots of one subject are compared with each other. */
  subject: name,
  /** What it was booted on, e.g. `tcg, 1 processor, 1024 MiB`. */
  machine: name,
  /** How many times slower than the reference machine the calibration guest ran on that host. */
  slowness: z.number().positive(),
  /** Seconds of the host by figure, see `Trend`. */
  figures: z.record(name, seconds),
});

export type RecordedBoot = z.infer<typeof recordedBootSchema>;

/** Boots that are kept of each subject on each machine: what is older says little of today. */
export const mostKept = 30;
/** Boots that are kept of all: some years of a large matrix' names. */
const mostOfAll = 20_000;

/** The boots that are kept, the oldest first. */
export function keepBoots(kept: readonly RecordedBoot[], added: readonly RecordedBoot[]): RecordedBoot[] {
  const counts = new Map<string, number>();
  return [...kept, ...added]
    .toReversed()
    .filter((boot) => {
      const count = (counts.get(keyOf(boot)) ?? 0) + 1;
      counts.set(keyOf(boot), count);
      return count <= mostKept;
    })
    .slice(0, mostOfAll)
    .toReversed();
}

/** Boots with the same key are boots of the same on the same. */
export const keyOf = ({ subject, machine }: Pick<RecordedBoot, 'subject' | 'machine'>): string =>
  JSON.stringify([subject, machine]);
