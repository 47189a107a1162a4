import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuseOthers } from '../../report/claim.ts';
import { createClosingReporters } from '../../report/reporters.ts';
import { reportFiles } from '../../report/choice.ts';
import { eventLogName } from '../../report/output-directory.ts';
import { readEvents } from '../../report/record/read-events.ts';
import { UsageError } from '../../errors.ts';
import { compareAgain } from '../runs/compare-again.ts';
import { exitCodes } from '../exit-code.ts';
import type { Options } from '../options/options.ts';

/**
 * Writes the reports of a run from its events: what had finished when it was killed is in them, what had not is an
 * error, and what was never begun is skipped.
 * @returns the exit code that the run had, or that of one that was interrupted.
 * @throws UsageError `bad-usage`, `event-log-unreadable`, `output-in-use`
 */
export async function reportAgain(
  options: Pick<Options, 'filters' | 'json' | 'out' | 'pictures' | 'quiet' | 'reporters'>,
): Promise<number> {
  const { filters, json, out } = options;
  const [filter] = filters;
  if (filter !== undefined) {
    throw new UsageError(
      'bad-usage',
      `The reports of a run are written again as a whole: expected no FILTER, got '${filter}'; name the run's directory by --out.`,
    );
  }
  refuseOthers(out);
  const events = compareAgain(readEvents(join(out, eventLogName)), out);
  const output = json ? process.stderr : process.stdout;
  for (const reporter of createClosingReporters({ ...options, outDir: out, output })) {
    for (const event of events) reporter.onEvent(event);
    await reporter.finish?.();
  }
  if (json) process.stdout.write(readFileSync(join(out, reportFiles.json)));
  const end = events.findLast((event) => event.type === 'run-finished');
  return end?.exitCode ?? exitCodes.interrupted;
}
