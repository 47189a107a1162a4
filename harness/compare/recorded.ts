import type { Inventory } from '../inventory.ts';

/** A cell of a run, as far as it is compared. */
export interface RecordedCell {
  id: string;
  format: string;
  arch: string;
  /** A verdict's word; of a run of another release, it may be one that we do not know. */
  verdict: string;
  /** One sentence; empty when passed. */
  reason: string;
  checks: { name: string; verdict: string; reason: string }[];
  /** null: the guest was not asked, or gave no answer. */
  inventory: Inventory | null;
}

/** A run, as far as it is compared. */
export interface RecordedRun {
  /** What it is called in a sentence, e.g. the path that it was read from. */
  name: string;
  contract: string;
  /** ISO 8601. */
  started: string;
  /** The tested files: their names without directories, and their digests. */
  images: { name: string; sha256: string }[];
  cells: RecordedCell[];
}
