import { BootMatrixError, UsageError } from '../errors.ts';
import { forTerminal } from '../report/terminal/clean.ts';
import { shortageOf } from '../shortage.ts';
import { exitCodes } from './exit-code.ts';

/** What a person reads when a command could not do its work: one sentence, then what to do; a stack only for our own defects. */
export function describeFailure(thrown: unknown): { text: string; exitCode: number } {
  const error = thrown instanceof BootMatrixError ? thrown : (shortageOf(thrown) ?? thrown);
  if (error instanceof BootMatrixError) {
    const text = [error.message, error.hint].filter((part) => part !== undefined).join('\n');
    return {
      text: forTerminal(text),
      exitCode: error instanceof UsageError ? exitCodes.usage : exitCodes.host,
    };
  }
  const unexpected = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    text: `boot-matrix failed in a way it should not; please report this:\n${unexpected}`,
    exitCode: exitCodes.host,
  };
}
