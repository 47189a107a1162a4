import { builtIn } from '../../../scenarios/index.ts';
import { contractNames } from '../../../scenarios/contracts/load.ts';
import { pictureModes, reporterNames } from '../../report/choice.ts';
import { commands } from '../commands/index.ts';
import { accelerators } from '../options/option-values.ts';
import { testCommand } from '../options/options.ts';

/** What may be typed where, for a shell to offer. */
export interface Words {
  commands: { name: string; summary: string; words: readonly string[] | undefined }[];
  options: {
    /** `-j`, `--jobs`. */
    flags: string[];
    summary: string;
    /** Whether a value follows. */
    takesValue: boolean;
    /** Known values; empty where any will do, or the path of a file. */
    values: readonly string[];
  }[];
}

const values: Readonly<Record<string, readonly string[]>> = {
  '--accel': accelerators,
  '--check': builtIn.map(({ name }) => name),
  '--contract': contractNames,
  '--html': pictureModes,
  '--reporter': reporterNames,
};

/** Read off the tables that the command line itself is read by. */
export function wordsOf(): Words {
  const { options } = testCommand();
  return {
    commands: Object.entries(commands).map(([name, { summary, words }]) => ({ name, summary, words })),
    options: options.map(({ short, long, description, required, optional }) => ({
      flags: [short, long].filter((flag) => flag !== undefined),
      summary: description,
      takesValue: required || optional,
      values: values[long ?? ''] ?? [],
    })),
  };
}
