/**
 * The one append-only stream of a run (`events.jsonl`). Every report, the live view included, is a reader of it:
 * what is not an event was not seen.
 */

import type { Comparison, DifferenceRules } from './difference.ts';

/**
 * The verdicts of a check and of a cell. `error` is the host's fault, `flaky` a pass that needed a retry, `known` a failure
 * that was expected until a date.
 */
export type Verdict = 'passed' | 'failed' | 'error' | 'skipped' | 'flaky' | 'known';

/** The code of an error that is a defect of ours. */
export const harnessDefect = 'harness';

/** How far a boot has come; in order, though a guest that is silent on serial shows only some of them. */
export const phases = ['firmware', 'bootloader', 'kernel', 'initrd', 'userspace', 'login', 'shell'] as const;
export type Phase = (typeof phases)[number];

/**
 * How a cell is booted, in the order in which it is tried: as it ships; with a login that systemd takes from the machine
 * (credentials) and a second console; with its kernel told to speak on serial, by keys at the boot menu; with kernel and
 * initrd read out of the image and told so.
 */
export const rungs = ['shipped', 'credentials', 'menu', 'kernel'] as const;
export type Rung = (typeof rungs)[number];

/**
 * The way in by which something was observed. The first four need nothing but the image, `agent` being QEMU's guest agent;
 * `credentials`, `menu` and `kernel` are those of a machine that was booted so; `outside` is the network without
 * credentials.
 */
export type Access = 'serial' | 'ssh' | 'agent' | 'keyboard' | Exclude<Rung, 'shipped'> | 'outside';

/** Something that was seen: the command or action, and what came of it. Guest text, raw: readers clean it. */
export interface Evidence {
  /** What was done, e.g. `sshd -T`, `press z y ; ' [ /`. */
  action: string;
  /** What was seen, e.g. the output, `Permission denied (publickey)`. */
  observed: string;
  access?: Access;
}

/** One check's result, as `summary.json` and JUnit tell it. */
export interface CheckResult {
  /** The scenario's name, e.g. `autologin`. */
  name: string;
  verdict: Verdict;
  /** The error's stable code; absent where no error ended it. */
  code?: string;
  /** One sentence; empty when passed. */
  reason: string;
  /** Wall time in seconds. */
  seconds: number;
  /** The ways in that the check used, in the order of first use. */
  access: Access[];
  evidence: Evidence[];
  /** Path of the scenario's source from the project's root, e.g. `scenarios/sshd.ts`. */
  file: string;
}

/** Which accelerator was chosen for one guest architecture, and the proof. */
export interface AcceleratorReport {
  name: 'kvm' | 'hvf' | 'tcg';
  /** Why this one and not a faster one, one sentence. */
  reason: string;
  /** How many times slower than the reference machine the calibration guest ran here; budgets are multiplied by it. */
  slowness: number;
}

/** A cell as listed and reported; what `--list --json` prints. */
export interface CellSummary {
  /** `<format>.<arch>.<firmware>.<medium>`, or `release-files`; stable and unique in a run. */
  id: string;
  format: string;
  /** The machine; absent for what is checked without one. */
  arch?: string;
  firmware?: string;
  medium?: string;
  /** Path of the image (a directory for netboot, and for a release). */
  image: string;
  /** Why this cell cannot be run; absent when it can. */
  skip?: string;
}

interface Stamp {
  /** ISO 8601 with milliseconds, UTC. */
  time: string;
  /** Seconds since the run began, from a monotonic clock. */
  at: number;
}

export interface ImageFileDigest {
  path: string;
  sha256: string;
}

/** A way to boot a cell by which nobody got in. */
export interface ShutRung {
  rung: Rung;
  /** One sentence. */
  reason: string;
}

/**
 * What a second boot told of one that failed without a word of why: the same image with its kernel told to speak on
 * serial. The verdict is the first one's.
 */
export interface Explanation {
  rung: Extract<Rung, 'menu' | 'kernel'>;
  /** `explained`: its guest said why it failed; `unexplained`: it failed without a word again; `no-failure`: it came up. */
  outcome: 'explained' | 'unexplained' | 'no-failure';
  /** For a person, one sentence. */
  sentence: string;
  /** The furthest phase of the second boot; null when nothing was seen of it. */
  phase: Phase | null;
  /** Wall time in seconds. */
  seconds: number;
  /** Where its files are, relative to the output directory. */
  directory: string;
  /** What was seen as it ended; guest text, raw. */
  evidence?: string;
}

/** What a cell, or one attempt at it, came to. */
export interface CellOutcome {
  verdict: Verdict;
  /** The stable code of the error that ended it, `harness` for a defect of ours; absent where none did. */
  code?: string;
  /** The phase that the boot had reached; what failed, failed there or after. */
  phase: Phase | null;
  /** One sentence; empty when passed. */
  reason: string;
  /** Wall time in seconds. */
  seconds: number;
  /** CPU time of its QEMU in seconds; null when it never ran. */
  cpuSeconds: number | null;
  /** The way in through which commands were run; null when there was none. */
  access: Access | null;
  /** What was seen when it failed outside of a check, e.g. the console's last lines; guest text, raw. */
  evidence?: string;
}

export type EventBody =
  | {
      type: 'run-started';
      version: string;
      /** The command line as typed, without the node executable. */
      command: string[];
      host: { platform: string; arch: string; cpus: number; memoryMiB: number; node: string };
      contract: string;
      /** SHA-256 of what the contract promises, and of the harness's own files. */
      contractDigest?: string;
      /** What the contract says of differences, so that the run can be compared anew. */
      rules?: DifferenceRules;
      harnessDigest?: string;
      /** The names of the only checks that were asked for; absent: all. */
      checks?: string[];
      /** Which part of a split run this is, from 1, and the ids of all its cells; absent for a whole one. */
      shard?: { index: number; total: number; of: string[] };
      /** Keyed by guest architecture. */
      accelerator: Record<string, AcceleratorReport>;
      /** `qemu-system-… --version`, first line, keyed by guest architecture. */
      qemu: Record<string, string>;
      cells: CellSummary[];
    }
  /** A machine of the cell is switched on; `rung` is absent where it is given nothing but the image. */
  | {
      type: 'cell-started';
      cell: string;
      attempt: number;
      rung?: Rung;
      cpus: number;
      memoryMiB: number;
      argv: string[];
    }
  /** What a release is published with is looked at, without a machine. */
  | { type: 'release-started'; cell: string; attempt: number }
  /** A boot let nobody in, or could not be made; the cell is booted by the next rung, if there is one. */
  | ({ type: 'rung-shut'; cell: string } & ShutRung)
  /** A boot that failed without a word of why was done once more, for the reason alone; of the second boot this is all. */
  | ({ type: 'explanation'; cell: string } & Explanation)
  /**
   * A boot phase was first seen; `evidence` is the text that told it. Of the seconds since power-on the host gave QEMU
   * `cpuSeconds` of processor, and had its processor wait for `starvedSeconds`; both absent where it does not tell.
   */
  | {
      type: 'phase';
      cell: string;
      phase: Phase;
      seconds: number;
      cpuSeconds?: number;
      starvedSeconds?: number;
      evidence: string;
    }
  /** A way in works, proven by a framed command that came back. */
  | {
      type: 'access';
      cell: string;
      access: Access;
      seconds: number;
      user: string;
      /** Seconds since the guest first showed that it lets people in: a getty's words on serial, or its SSH server's. */
      waited?: number;
    }
  /** Keys were pressed on the machine's keyboard: comes when QEMU has taken the last one, `seconds` after the first. */
  | { type: 'keys'; cell: string; keys: string; seconds: number }
  /** A command ran in the guest by the way in; comes with its end. `output` is its beginning and its end; raw. */
  | {
      type: 'command';
      cell: string;
      command: string;
      access: Access;
      user: string;
      seconds: number;
      /** Exit status; null where no answer came. */
      status: number | null;
      output: string;
    }
  /**
   * The machine of a cell that did not pass is kept for a person, for `seconds` at most; `ways` are lines for a shell by which
   * one gets in beside the command `attach`. The cell's verdict comes with its end, and is this one.
   */
  | { type: 'held'; cell: string; verdict: Verdict; reason: string; seconds: number; ways: string[] }
  /** It is kept no more: after so many seconds its time was over, its QEMU had ended, or the run was to end. */
  | { type: 'let-go'; cell: string; seconds: number; because: 'time' | 'ended' | 'interrupted' }
  /** QEMU told of something that befell the machine: an event's name in QMP, and its data as JSON. */
  | { type: 'qmp'; cell: string; event: string; data: string }
  /**
   * The guest told what it is: the file is relative to the output directory, `unread` names the parts that could not be
   * had. `cpuSeconds` of QEMU's processor time went into it; absent where the host does not tell.
   */
  | {
      type: 'inventory';
      cell: string;
      file: string;
      seconds: number;
      cpuSeconds?: number;
      unread: string[];
    }
  | { type: 'check-started'; cell: string; check: string }
  | { type: 'check-finished'; cell: string; result: CheckResult }
  /** A file that belongs to the cell's report, path relative to the output directory. */
  | {
      type: 'attachment';
      cell: string;
      name: string;
      path: string;
      /** What can be read off a picture: `blank`, or a QR code's text, which is the guest's, raw. */
      shows?: string;
      /** Not among what a person looks at first. */
      detail?: true;
    }
  /** The host failed an attempt, and another follows; its files are kept in `directory`, relative to the cell's own. */
  | ({ type: 'attempt-finished'; cell: string; attempt: number; directory: string } & CellOutcome)
  /** Comes once a cell, with the sums of all attempts; `attempts` is 0 for a cell that was never begun. */
  | ({ type: 'cell-finished'; cell: string; attempts: number } & CellOutcome)
  /** An archive is being opened: so much of it was read, 0 to 1. Comes some times while it lasts. */
  | { type: 'archive-opening'; path: string; share: number }
  /** An archive is open, `cached` where it had been opened by an earlier run; or it could not be, for a `reason`. */
  | { type: 'archive-opened'; path: string; cached: boolean; seconds: number; reason?: string }
  /** Another number of machines runs at once from here on, at most `jobs`: as many as this host is seen to carry. */
  | { type: 'machines-at-once'; machines: number; jobs: number }
  /** The digests of a cell's image files, before the first machine and after the last. */
  | { type: 'digests'; when: 'before' | 'after'; files: ImageFileDigest[] }
  /** What the cells said they are, compared with each other and with an earlier run, once all have ended. */
  | ({ type: 'compared' } & Comparison)
  /** Something about the run that a person must see, e.g. an image that changed. */
  | { type: 'notice'; level: 'info' | 'warning' | 'error'; text: string }
  | {
      type: 'run-finished';
      exitCode: number;
      interrupted: boolean;
      /** Wall time of the run in seconds. */
      seconds: number;
      /** CPU time that the harness itself took in seconds, its child processes not counted. */
      cpuSeconds: number;
    };

export type RunEvent = EventBody & Stamp;
export type EventOf<T extends EventBody['type']> = Extract<RunEvent, { type: T }>;

/** Where events go. The run emits; the log and the reports subscribe. */
export type Emit = (event: EventBody) => void;
