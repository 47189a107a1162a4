/** One promise of a system's documentation, and what proves it. */
export interface Clause {
  /** One sentence, as a maintainer would say it. */
  promise: string;
  /** Where it is promised: a part of the documentation, or a file of the sources. */
  source: string;
  /** Where documentation and sources differ, or are read with care: which one the contract holds to. */
  reading?: string;
  proof:
    | {
        /** A check of the contract or of the cell `release-files`, or `across formats`, which compares the cells of a run. */
        check: string;
        /** Seeded defects that break this clause, each caught by that check; empty where none was made yet. */
        defects: readonly string[];
      }
    /** It cannot be seen from outside, or is not looked at yet: why. */
    | { unproven: string };
}
