import type { Interrupt } from '../interrupt.ts';

/** What every command is given beside its own part of the command line. */
export interface Context {
  /** The command line as typed, the command's name included. */
  typed: readonly string[];
  interrupt: Interrupt;
  /** Takes a line for the person, on standard error. */
  tell: (line: string) => void;
}

/** Does the work and resolves to the exit code; what goes wrong is thrown. */
export type Run = (args: readonly string[], context: Context) => Promise<number>;

/** A word that may stand first on the command line. */
export interface Command {
  /** What it does, for the help and the completions. */
  summary: string;
  /** The words and options that may follow it, for the completions; those of `test` where absent. */
  words?: readonly string[];
  /** Loads what it needs: no other command pays for that. */
  load: () => Promise<Run>;
}
