import type { Phase } from '../../events.ts';

/** A text on a console that tells of something wrong, matched against one clean line. */
interface Sign {
  /** It tells of a wait that ran out by the guest's clock, which goes on while the host keeps the guest from running. */
  byClock?: true;
  /** The phase in which it is printed. */
  phase: Phase;
  /** Stable, for reports. */
  code: string;
  pattern: RegExp;
  /** What the pattern's group takes is a unit's name that stands for a path, which is what a person knows it by. */
  isUnitPath?: true;
  /** What prints it. */
  source: string;
}

/** A text after which a boot does not go on by itself. Only what is fatal without exception may be one. */
export interface FatalSign extends Sign {
  /** The reason in one sentence; `$1` stands for the pattern's first group that took part. */
  sentence: string;
  /** Other phases in which the same is printed, with what it means there. */
  elsewhere?: Partial<Record<Phase, string>>;
  /** Codes of the suspicions that explain it, the best explanation first. */
  because?: readonly string[];
  /** The text is a prompt, which no newline follows. */
  prompt?: true;
  /** What the line before it must be. */
  previous?: RegExp;
  /** Not the guest's fault but that of what runs it: what a person can do about it. */
  hostHint?: string;
  /** Fatal only when it came so often in one boot. @default 1 */
  times?: number;
}

/** A text that a boot may survive: kept, and named where the boot then fails. */
export interface SuspiciousSign extends Sign {
  /** A clause of a sentence; `$1` stands for what the patterns' groups took of all such lines, as a list. */
  clause: string;
  /** Only the latest counts: it tells of something that goes on. */
  latest?: true;
  /** A later line that matches this and names the same says that it is over. */
  over?: RegExp;
  /** Mostly follows from something else: named only where nothing else explains the failure. */
  consequence?: true;
  /** Nothing bad by itself: named only where it explains a fatal sign. */
  explainsOnly?: true;
}
