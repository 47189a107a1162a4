import { UsageError } from '../../errors.ts';

/** What was said of a file of ours, said of the one that the user gave. */
export const retold = (error: UsageError, ours: string, given: string): UsageError =>
  new UsageError(error.code, error.message.replaceAll(ours, given), { hint: error.hint, cause: error });
