import { exitCodes } from '../exit-code.ts';
import { parseOptions } from '../options/options.ts';
import type { Run } from './command.ts';

/** The main job, and what its options make of it; what only one of them needs is loaded for that one. */
export const test: Run = async (args, context) => {
  const commandLine = parseOptions(args);
  if (commandLine === null) return exitCodes.passed;
  const { options, typed } = commandLine;
  // Who names the directory needs nothing else, e.g. where a run was killed whose config does not load any more.
  if (options.reportOnly && typed.has('out')) {
    return (await import('./report-again.ts')).reportAgain(options);
  }
  return (await import('./boot.ts')).boot(commandLine, context);
};
