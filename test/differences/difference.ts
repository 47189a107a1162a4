import type { Kind } from '../../harness/difference.ts';
import type { PartName } from '../../harness/inventory.ts';
import type { DiskEdits } from '../defects/make/disk.ts';

/** A name that must be told to differ, and how it counts against an earlier run. */
export interface Told {
  kind: Exclude<Kind, 'checks' | 'cells' | 'drift'>;
  part: PartName;
  name: string;
}

/** An image that works and differs on purpose in one thing from the sound one. */
export interface Difference {
  /** Unique; letters, digits and `-`. */
  name: string;
  /** What is otherwise, a few words. */
  what: string;
  edits: DiskEdits;
  /** All that is to be told: one thing may show in several parts. */
  told: readonly Told[];
}
