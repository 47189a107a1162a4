import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import junitReportBuilder from 'junit-report-builder';
import { lineForXml } from '../terminal/clean.ts';
import type { ReportedCase } from './junit-cases.ts';
import { casesOf } from './junit-cases.ts';
import { addEarlierAttempt, culprit, setTime, skipBecause, withoutSkippedOfAll } from './junit-extend.ts';
import { addComparison } from './junit-comparison.ts';
import { cellProperties } from './junit-properties.ts';
import type { CellRecord, RunRecord } from '../record/record.ts';

// CommonJS whose types promise a `default` that is not there at run time.
const junit = junitReportBuilder as unknown as Builder;

export interface JUnitOptions {
  /** Turns an attachment's path in the output directory into what the CI finds it by: relative to its workspace. */
  attachmentPath: (path: string) => string;
}

/** The text of `junit.xml`: one suite a cell, one case for its boot and one for each check. */
export function junitXml(record: RunRecord, options: JUnitOptions): string {
  const builder = junit.newBuilder().name('boot-matrix');
  for (const cell of record.cells) addSuite(builder.testSuite(), cell, record, options);
  addComparison(builder, record);
  addNotices(builder, record);
  return `${withoutSkippedOfAll(builder.build())}\n`;
}

function addSuite(suite: TestSuite, cell: CellRecord, record: RunRecord, options: JUnitOptions): void {
  const id = lineForXml(cell.summary.id);
  suite.name(id).timestamp(cell.attempts[0]?.time ?? record.started);
  setTime(suite, cell.seconds);
  for (const [name, value] of cellProperties(cell, record)) {
    suite.property(lineForXml(name), lineForXml(value));
  }
  for (const reported of casesOf(cell, options.attachmentPath)) {
    addCase(suite.testCase().className(`boot.${id}`), reported);
  }
}

/** What went wrong with the run as a whole, e.g. an image that changed: no gate may take such a report for a good one. */
function addNotices(builder: Builder, { notices, started, seconds }: RunRecord): void {
  const errors = notices.filter(({ level }) => level === 'error').map(({ text }) => lineForXml(text));
  if (errors.length === 0) return;
  const suite = builder.testSuite().name('run').timestamp(started);
  setTime(suite, seconds);
  for (const [index, text] of errors.entries()) {
    const testCase = suite
      .testCase()
      .className('boot.run')
      .name(`notice ${index + 1}`);
    setTime(testCase, 0);
    testCase.error(text, 'host', text);
  }
}

function addCase(testCase: TestCase, reported: ReportedCase): void {
  const { name, seconds, verdict, message, body, output, earlier } = reported;
  testCase.name(name).standardOutput(output);
  setTime(testCase, seconds);
  if (verdict === 'failed') testCase.failure(message, culprit(reported)).stacktrace(body);
  if (verdict === 'error') testCase.error(message, culprit(reported), body);
  // No reader knows a failure that does not fail: one that is known is passed over, with its reason and what was seen.
  if (verdict === 'skipped' || verdict === 'known') skipBecause(testCase, message);
  for (const attempt of earlier) addEarlierAttempt(testCase, verdict, attempt);
}
