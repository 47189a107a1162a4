import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HostError } from '../errors.ts';
import { shortageOf } from '../shortage.ts';
import { statementOf } from './attestation/statement.ts';
import { attestationName } from './output-directory.ts';
import { type FileReport, type ReportOptions, isFileReport, reportFiles } from './choice.ts';
import { markdown } from './forge/markdown.ts';
import { tap } from './forge/tap.ts';
import { page } from './html/page.ts';
import { junitXml } from './junit/junit.ts';
import { Fold } from './record/fold.ts';
import type { RunRecord } from './record/record.ts';
import type { Reporter } from './reporter.ts';
import { summary } from './summary.ts';
import { shownPath } from './terminal/shown-path.ts';

export interface WriteOptions extends Partial<ReportOptions> {
  /** What attachments are relative to in JUnit; a CI runs us in its workspace. @default process.cwd() */
  cwd?: string;
}

/** What a file report says, from the run, for a file of that path. */
const texts: Record<FileReport, (record: RunRecord, place: Place) => string> = {
  junit: (record, { outDir, cwd }) =>
    junitXml(record, { attachmentPath: (file) => shownPath(path.join(outDir, file), cwd) }),
  json: (record) => summary(record),
  html: (record, { outDir, file, pictures }) =>
    page(record, { outDir, base: path.relative(path.dirname(file), outDir), pictures }),
  tap: (record) => tap(record),
  markdown: (record) => markdown(record),
};

interface Place extends Pick<ReportOptions, 'pictures'> {
  outDir: string;
  /** The report's own path. */
  file: string;
  cwd: string | undefined;
}

/** Written by every run, for whoever relies on them. */
const always: readonly FileReport[] = ['junit', 'json', 'html'];

/**
 * Writes the reports that are files, each at once: no reader sees half a report. One that fails keeps no other from being
 * written.
 * @throws HostError `report-unwritable`, of the first that failed.
 */
export function writeReports(record: RunRecord, outDir: string, options: WriteOptions = {}): void {
  const { reporters = [], pictures = 'linked', cwd } = options;
  const wanted = [
    ...always.map((name) => ({ name, file: path.join(outDir, reportFiles[name]) })),
    ...reporters.flatMap(({ name, file }) =>
      isFileReport(name) ? [{ name, file: file ?? path.join(outDir, reportFiles[name]) }] : [],
    ),
  ];
  const problems: unknown[] = [];
  const written = new Set<string>();
  for (const { name, file } of wanted) {
    if (written.has(file)) continue;
    written.add(file);
    try {
      write(file, texts[name](record, { outDir, file, pictures, cwd }));
    } catch (error) {
      problems.push(error);
    }
  }
  const statement = statementOf(record);
  try {
    const file = path.join(outDir, attestationName);
    if (statement === null) rmSync(file, { force: true });
    else write(file, `${JSON.stringify(statement, null, 2)}\n`);
  } catch (error) {
    problems.push(error);
  }
  if (problems.length > 0) throw problems[0];
}

/** Writes the reports when the run has ended, however it ended. */
export function createFileReporter(outDir: string, options: WriteOptions = {}): Reporter {
  const state = new Fold();
  return {
    onEvent: (event) => state.add(event),
    finish: () => writeReports(state.record(), outDir, options),
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
