import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuseOthers } from '../report/claim.ts';
import { createClosingReporter } from '../report/closing.ts';
import { Fold } from '../report/fold.ts';
import { eventLogName, summaryName } from '../report/output-directory.ts';
import { readEvents } from '../report/read-events.ts';
import { writeReports } from '../report/write.ts';
import { worstVerdict } from '../run/verdict.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';

/**
 * Writes the reports of a run from its events: what had finished when it was killed is in them, what had not is an
 * error, and what was never begun is skipped.
 * @returns the exit code that the run had, or would have had.
 * @throws UsageError `event-log-unreadable`, `output-in-use`
 */
export async function reportAgain({ out, json }: { out: string; json: boolean }): Promise<number> {
  refuseOthers(out);
  const state = new Fold();
  const closing = createClosingReporter(out, json ? process.stderr : process.stdout);
  for (const event of readEvents(join(out, eventLogName))) {
    state.add(event);
    closing.onEvent(event);
  }
  const record = state.record();
  writeReports(record, out);
  await closing.finish?.();
  if (json) process.stdout.write(readFileSync(join(out, summaryName)));
  if (state.finished !== null) return state.finished.exitCode;
  const verdict = worstVerdict(record.cells.map((cell) => cell.verdict));
  return exitCodeOf({ verdict, interrupted: true }) || exitCodes.interrupted;
}
