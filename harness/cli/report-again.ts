import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuseOthers } from '../report/claim.ts';
import { createClosingReporter } from '../report/terminal/closing.ts';
import { eventLogName, summaryName } from '../report/output-directory.ts';
import { readEvents } from '../report/record/read-events.ts';
import { createFileReporter } from '../report/write.ts';
import { exitCodes } from './exit-code.ts';

/**
 * Writes the reports of a run from its events: what had finished when it was killed is in them, what had not is an
 * error, and what was never begun is skipped.
 * @returns the exit code that the run had, or that of one that was interrupted.
 * @throws UsageError `event-log-unreadable`, `output-in-use`
 */
export async function reportAgain({ out, json }: { out: string; json: boolean }): Promise<number> {
  refuseOthers(out);
  const events = readEvents(join(out, eventLogName));
  const output = json ? process.stderr : process.stdout;
  for (const reporter of [createFileReporter(out), createClosingReporter(out, output)]) {
    for (const event of events) reporter.onEvent(event);
    await reporter.finish?.();
  }
  if (json) process.stdout.write(readFileSync(join(out, summaryName)));
  const end = events.findLast((event) => event.type === 'run-finished');
  return end?.exitCode ?? exitCodes.interrupted;
}
