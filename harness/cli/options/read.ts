import { type Command, CommanderError } from 'commander';
import { UsageError } from '../../errors.ts';

/**
 * Has commander read a command's part of the command line.
 * @returns false when help was asked for and printed.
 * @throws UsageError one sentence that says what was expected and what was got.
 */
export function readCommandLine(program: Command, args: readonly string[]): boolean {
  program
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  try {
    program.parse(args, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw new UsageError(
      'bad-usage',
      `${error.message.replace(/^error: /, '').replace(/\s+/g, ' ')}; see --help.`,
    );
  }
}
