import type { Image } from '../image.ts';

/** A directory as it is published: images, and what stands beside them for those who fetch them. */
export interface Release {
  /** Absolute. */
  directory: string;
  images: Image[];
  /** Lists of SHA-256 digests, absolute. */
  lists: string[];
  /** Every file below the directory, absolute. */
  files: string[];
  /** The whole directory is meant, and not some files of it: whatever a list names must be there. */
  isWhole: boolean;
}

/** What is wrong with a release; guest text is cleaned by whoever shows it. */
export interface ReleaseFault {
  /** What was looked at, as a command or the name of a file. */
  action: string;
  /** Follows "expected". */
  expected: string;
  /** Follows "got". */
  got: string;
}

/** What was found out about a release: no faults where all is as it should be. */
export interface ReleaseFinding {
  faults: ReleaseFault[];
  /** What was held against what, one line each, for those who want to know what a pass means. */
  told: string[];
}
