import type { Builder, TestSuite } from 'junit-report-builder';
import { comparedParts } from '../../compare/across.ts';
import { type Kind, kinds } from '../../difference.ts';
import { kindTitles, type Table, tablesOf } from '../comparison/tables.ts';
import { tableText } from '../comparison/text.ts';
import type { RunRecord } from '../record/record.ts';
import { excerpt, forXml, lineForXml } from '../terminal/clean.ts';
import { setTime } from './junit-extend.ts';

const width = 160;
/** Bounds of one case's text. */
const size = { lines: 200, columns: 500 };

/** The suites `across formats`, a case for each part of each architecture, and `against the baseline`, one for each kind. */
export function addComparison(builder: Builder, { cells, comparison, started }: RunRecord): void {
  if (comparison === null) return;
  const tables = tablesOf(comparison);
  const { across, against } = comparison;
  if (across.level !== 'ignore') {
    const suite = builder.testSuite().name('across formats').timestamp(started);
    setTime(suite, 0);
    const told = cells.filter(({ inventory }) => inventory !== null).map(({ summary }) => summary.arch);
    for (const arch of new Set(told)) {
      for (const part of comparedParts) {
        const those = tables.filter(({ place }) => place?.arch === arch && place.part === part);
        addCase(suite, `${arch} ${part}`, those);
      }
    }
  }
  if (against === null) return;
  const suite = builder.testSuite().name('against the baseline').timestamp(started);
  setTime(suite, 0);
  suite.property('baseline', lineForXml(against.baseline));
  for (const kind of kinds.filter(isChange)) {
    addCase(
      suite,
      kindTitles[kind],
      tables.filter((table) => table.kind === kind),
    );
  }
}

const isChange = (kind: Kind): kind is Exclude<Kind, 'drift'> => kind !== 'drift';

function addCase(suite: TestSuite, name: string, tables: readonly Table[]): void {
  const text = excerpt(forXml(tables.map((table) => tableText(table, width)).join('\n\n')), size);
  const testCase = suite.testCase().className('boot.compared').name(lineForXml(name));
  setTime(testCase, 0);
  const worst = tables.find(({ level }) => level === 'fail');
  if (worst === undefined) testCase.standardOutput(text);
  else testCase.failure(lineForXml(worst.title), worst.kind).stacktrace(text);
}
