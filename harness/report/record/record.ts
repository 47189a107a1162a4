import type { Comparison } from '../../difference.ts';
import type {
  Access,
  AcceleratorReport,
  CellSummary,
  CheckResult,
  EventOf,
  Explanation,
  Phase,
  ShutRung,
  Verdict,
} from '../../events.ts';

/** One try at a cell, maybe without a machine; a retry is another. */
export interface Attempt {
  number: number;
  /** When it began: ISO 8601, and seconds since the run began. */
  time: string;
  at: number;
  /** In the order in which they were first seen; `seconds` since power-on. */
  phases: Pick<EventOf<'phase'>, 'phase' | 'seconds' | 'cpuSeconds' | 'starvedSeconds' | 'evidence'>[];
  accesses: { access: Access; seconds: number; user: string }[];
  checks: CheckResult[];
  /** The boots before this one that let nobody in. */
  shut: ShutRung[];
  /** What a second boot told, where this one failed without a word of why. */
  explanation: Explanation | null;
  /** The check that has begun and not ended. */
  running: { name: string; at: number } | null;
  /** Its machine is kept for a person. */
  isHeld: boolean;
  /** How it ended, where another one was to follow. */
  finished: EventOf<'attempt-finished'> | null;
  /** Its machines: one a rung, and one more where firmware wanted another way to boot. */
  machines: EventOf<'cell-started'>[];
  /** All that happened to all its machines, in order. */
  events: Happening[];
}

/** What a time line shows of an attempt. */
export type Happening = EventOf<
  | 'phase'
  | 'access'
  | 'rung-shut'
  | 'check-started'
  | 'check-finished'
  | 'keys'
  | 'command'
  | 'qmp'
  | 'held'
  | 'let-go'
>;

/** A file of a cell's report; `path` is relative to the output directory. */
export interface Attachment {
  name: string;
  path: string;
  /** What can be read off a picture; guest text, raw. */
  shows?: string;
  /** Not among what a person looks at first. */
  detail?: true;
  /** The earlier attempt that it belongs to; absent for the last one's. */
  attempt?: number;
  /** Seconds since the run began when the report was told of it: when a picture was taken, when a recording began. */
  at: number;
}

/** What a guest said it is; `file` is relative to the output directory. */
export type InventoryRecord = Pick<EventOf<'inventory'>, 'file' | 'seconds' | 'unread'>;

/** A cell while events come in. */
export interface CellState {
  summary: CellSummary;
  attempts: Attempt[];
  attachments: Attachment[];
  /** That of the last attempt; null where the guest was not asked, or gave no answer. */
  inventory: InventoryRecord | null;
  /** How it ended, with or without a machine. */
  finished: EventOf<'cell-finished'> | null;
}

/** A cell when the events have ended: it always has a verdict. */
export interface CellRecord {
  summary: CellSummary;
  attempts: Attempt[];
  attachments: Attachment[];
  inventory: InventoryRecord | null;
  verdict: Verdict;
  /** The stable code of the error that ended it; null where none did. */
  code: string | null;
  /** How far the boot had come; null when nothing was seen of it. */
  phase: Phase | null;
  /** One sentence; empty when passed. */
  reason: string;
  seconds: number;
  access: Access | null;
  /** What was seen when it failed outside of a check; raw. */
  evidence: string;
  /** The checks of the last attempt. */
  checks: CheckResult[];
  /** CPU time of its QEMU in seconds, all attempts; null where it never ran, or nobody told. */
  cpuSeconds: number | null;
  /** When it ended: seconds since the run began. */
  endedAt: number;
}

/** An image's file with its digest before the first machine and after the last; null where it was not taken. */
export interface DigestRecord {
  path: string;
  before: string | null;
  after: string | null;
}

export type Counts = { total: number } & Record<Verdict, number>;

/** All that the reports tell of a run. */
export interface RunRecord {
  version: string;
  /** The command line as typed. */
  command: string[];
  contract: string;
  /** SHA-256; null where the stream does not tell. */
  contractDigest: string | null;
  harnessDigest: string | null;
  /** The machine that ran it; null where the stream has no beginning. */
  host: EventOf<'run-started'>['host'] | null;
  /** The names of the only checks that were asked for; absent: all. */
  checks?: string[];
  /** ISO 8601. */
  started: string;
  seconds: number;
  /** True also when the stream ends without an end of the run, as a crash leaves it. */
  interrupted: boolean;
  /** Keyed by guest architecture. */
  accelerator: Record<string, AcceleratorReport>;
  qemu: Record<string, string>;
  /** In byte order of their ids. */
  cells: CellRecord[];
  counts: Counts;
  /** In byte order of their paths. */
  digests: DigestRecord[];
  /** null: nothing was compared, e.g. since the run was interrupted. */
  comparison: Comparison | null;
  notices: { level: 'info' | 'warning' | 'error'; text: string }[];
}

/** Whether a cell is one on a machine; what is published beside images is checked without. */
export const hasMachine = ({ summary }: { summary: CellSummary }): boolean => summary.medium !== undefined;

/** The attempt that counts. */
export const lastAttempt = (cell: { attempts: Attempt[] }): Attempt | undefined => cell.attempts.at(-1);

/** Seconds from power-on to the first proven way in; null when there was none. */
export const secondsToAccess = (cell: { attempts: Attempt[] }): number | null =>
  lastAttempt(cell)?.accesses[0]?.seconds ?? null;

/** Byte order, the same in every locale. */
export const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
