import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HostError } from '../errors.ts';
import { shortageOf } from '../shortage.ts';
import { Fold } from './record/fold.ts';
import { junitXml } from './junit/junit.ts';
import { junitName, summaryName } from './output-directory.ts';
import type { RunRecord } from './record/record.ts';
import type { Reporter } from './reporter.ts';
import { shownPath } from './terminal/shown-path.ts';
import { summary } from './summary.ts';

/**
 * Writes `junit.xml` and `summary.json`, each at once: no reader sees half a report.
 * @param cwd what attachments are relative to in JUnit; a CI runs us in its workspace. @default process.cwd()
 * @throws HostError `report-unwritable`
 */
export function writeReports(record: RunRecord, outDir: string, cwd?: string): void {
  const attachmentPath = (file: string) => shownPath(path.join(outDir, file), cwd);
  write(path.join(outDir, junitName), junitXml(record, { attachmentPath }));
  write(path.join(outDir, summaryName), summary(record));
}

/** Writes the reports when the run has ended, however it ended. */
export function createFileReporter(outDir: string): Reporter {
  const state = new Fold();
  return {
    onEvent: (event) => state.add(event),
    finish: () => writeReports(state.record(), outDir),
  };
}

function write(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    const { message } = error as Error;
    const hint = shortageOf(error)?.hint;
    throw new HostError('report-unwritable', `${file} could not be written: ${message}`, {
      hint,
      cause: error,
    });
  }
}
