import { type Command, CommanderError } from 'commander';
import { UsageError } from '../errors.ts';

/**
 * Reads the command line of a command that boots nothing.
 * @returns null where help was asked for and printed.
 * @throws UsageError `bad-usage`
 */
export function parseCommand<T>(
  program: Command,
  args: readonly string[],
): { args: string[]; options: T } | null {
  try {
    program
      .exitOverride()
      .configureOutput({ outputError: () => {} })
      .parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    const text = error.message.replace(/^error: /, '').replace(/\s+/g, ' ');
    throw new UsageError('bad-usage', `${text}; see ${program.name()} --help.`);
  }
  return { args: program.args, options: program.opts<Record<string, unknown>>() as T };
}
