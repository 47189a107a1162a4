import type { Builder, TestCase, TestSuite } from 'junit-report-builder';
import { comparedParts } from '../../compare/across.ts';
import { type Comparison, type Kind, kinds } from '../../difference.ts';
import { changeTables, driftTables, kindTitles, type Table, trendTables } from '../comparison/tables.ts';
import { tableText } from '../comparison/text.ts';
import type { RunRecord } from '../record/record.ts';
import { excerpt, forXml, lineForXml } from '../terminal/clean.ts';
import { count } from '../terminal/lines.ts';
import { setTime, skipBecause } from './junit-extend.ts';

const width = 160;
/** Bounds of one case's text. */
const size = { lines: 200, columns: 500 };

/**
 * The suites `across formats`, a case for each part of each architecture, `against the baseline`, one for each kind, and
 * `beside earlier boots`, one for each cell.
 */
export function addComparison(builder: Builder, record: RunRecord): void {
  const { comparison } = record;
  if (comparison === null) return;
  addAcross(builder, record, comparison);
  addAgainst(builder, record, comparison);
  addTrends(builder, record, comparison);
}

function addSuite(builder: Builder, { started }: RunRecord, name: string): TestSuite {
  const suite = builder.testSuite().name(name).timestamp(started);
  setTime(suite, 0);
  return suite;
}

function addAcross(builder: Builder, record: RunRecord, { across }: Comparison): void {
  // Of a single cell nothing was compared, and nothing passed.
  if (across.level === 'ignore' || across.cells < 2) return;
  const tables = driftTables(across);
  const suite = addSuite(builder, record, 'across formats');
  const told = record.cells.filter(({ inventory }) => inventory !== null);
  for (const [arch = '', cells] of Map.groupBy(told, ({ summary }) => summary.arch)) {
    for (const part of comparedParts) {
      const those = tables.filter(({ place }) => place?.arch === arch && place.part === part);
      const testCase = addCase(suite, `${arch} ${part}`, those);
      // That none differs from another says nothing where no two told it.
      const having = cells.filter(({ inventory }) => !(inventory?.unread.includes(part) ?? true));
      if (having.length < 2)
        skipBecause(testCase, `it could be had of ${having.length} of ${count(cells.length, 'cell')}`);
    }
  }
}

function addAgainst(builder: Builder, record: RunRecord, { against }: Comparison): void {
  if (against === null) return;
  const tables = changeTables(against);
  const suite = addSuite(builder, record, 'against the baseline');
  suite.property('baseline', lineForXml(against.baseline));
  for (const kind of kinds.filter(isChange)) {
    addCase(
      suite,
      kindTitles[kind],
      tables.filter((table) => table.kind === kind),
    );
  }
}

function addTrends(builder: Builder, record: RunRecord, { trends }: Comparison): void {
  if (trends === null || trends.level === 'ignore') return;
  const suite = addSuite(builder, record, 'beside earlier boots');
  for (const [cell, those] of Map.groupBy(trends.trends, (trend) => trend.cell))
    addCase(suite, cell, trendTables({ ...trends, trends: those }));
}

const isChange = (kind: Kind): kind is Exclude<Kind, 'drift'> => kind !== 'drift';

function addCase(suite: TestSuite, name: string, tables: readonly Table[]): TestCase {
  const text = excerpt(forXml(tables.map((table) => tableText(table, width)).join('\n\n')), size);
  const testCase = suite.testCase().className('boot.compared').name(lineForXml(name));
  setTime(testCase, 0);
  const worst = tables.find(({ level }) => level === 'fail');
  if (worst === undefined) testCase.standardOutput(text);
  else testCase.failure(lineForXml(worst.title), worst.kind).stacktrace(text);
  return testCase;
}
