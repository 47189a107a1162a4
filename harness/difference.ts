/** What a comparison may find, and how much it counts: the words that contracts, events and reports share. */
import type { PartName } from './inventory.ts';

/** `fail`: exit code 1; `warn`: told; `ignore`: not told. */
export const levels = ['fail', 'warn', 'ignore'] as const;
export type Level = (typeof levels)[number];

/**
 * What may be found, in the order in which it is told, with how much it counts where the contract does not say. What gets
 * worse, or opens a door, fails; what every release changes is told.
 */
export const defaultLevels = {
  /** Cells of one run differ, and no platform explains it. */
  drift: 'fail',
  /** A check, or the boot, passed then and fails now. */
  checks: 'fail',
  /** A unit has failed that had not. */
  failedUnits: 'fail',
  /** A port is listened on, or a program is setuid, that was not. */
  exposure: 'fail',
  /** A package was added, removed or changed. */
  packages: 'warn',
  /** Anything else of the inventory. */
  settings: 'warn',
  /** The boot takes longer than the noise of the runs before explains. */
  boot: 'warn',
  /** The system has grown, likewise. */
  size: 'warn',
  /** A cell is new, or gone. */
  cells: 'warn',
} as const satisfies Record<string, Level>;

export type Kind = keyof typeof defaultLevels;
export const kinds = Object.keys(defaultLevels) as Kind[];
export type Levels = Readonly<Record<Kind, Level>>;

/** A difference that is explained: what has these names in this part is not compared. */
export interface Allowance {
  part: PartName;
  /** A name, in which `*` stands for any text. */
  name: string;
  /** Why, one sentence, with its source where it is a fact from outside. */
  why: string;
}

/** What a contract says of differences. */
export interface DifferenceRules {
  /** What is explained beside what formats bring; `formats` absent: in all of them. */
  mayDiffer?: readonly (Allowance & { formats?: readonly string[] })[];
  /** How much each kind counts, where that is not the default. */
  differences?: Partial<Levels>;
}

/** Names of one part by which the same cells differ from the same others. */
export interface Drift {
  arch: string;
  part: PartName;
  /** The cells that are alike, the most first, then in byte order of their ids. */
  groups: string[][];
  /** Whether the first group is more than any other; where not, none is right. */
  hasMost: boolean;
  /** Each name with its value in each group; null: it has none. */
  names: { name: string; values: (string | null)[] }[];
}

/** Something that was otherwise in an earlier run, in all these cells alike. */
export interface Change {
  kind: Exclude<Kind, 'drift'>;
  /** e.g. `packages`, `sockets`, `check`, `boot`. */
  what: string;
  name: string;
  /** null: it was not there. */
  before: string | null;
  after: string | null;
  cells: string[];
}

/** The cells of one run, compared. */
export interface Across {
  level: Level;
  /** How many cells told what they are. */
  cells: number;
  drifts: Drift[];
  /** What could not be compared, and why; a sentence each. */
  notes: string[];
}

/** A run compared with an earlier one. */
export interface Against {
  /** What it was compared with, for a person. */
  baseline: string;
  levels: Levels;
  changes: Change[];
  notes: string[];
}

/** A figure of a cell's boot beside what it was in earlier boots of the same cell on the same machine. */
export interface Trend {
  cell: string;
  /** e.g. `tcg, 1 processor, 1024 MiB`. */
  machine: string;
  /** A phase (seconds until it was seen), a phase with ` cpu` (of processor), a stage as systemd counts it. */
  figure: string;
  /** Seconds as this run's host would have taken them, the oldest first. */
  earlier: number[];
  now: number;
  /** The most that the noise of the earlier ones explains. */
  upTo: number;
  /** It is more than that, and a figure that counts. */
  isBeyond: boolean;
}

/** The boots of a run beside earlier ones. */
export interface Trends {
  level: Level;
  trends: Trend[];
}

export interface Comparison {
  across: Across;
  /** null: there was no baseline. */
  against: Against | null;
  /** null: no cell was booted before on such a machine. */
  trends: Trends | null;
}

/** Whether something was found that counts as a failure. */
export function isRefused({ across, against, trends }: Comparison): boolean {
  return (
    (across.level === 'fail' && across.drifts.length > 0) ||
    (trends?.level === 'fail' && trends.trends.some(({ isBeyond }) => isBeyond)) ||
    (against?.changes.some(({ kind }) => against.levels[kind] === 'fail') ?? false)
  );
}
