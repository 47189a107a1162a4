/** What a run says of the files that it tested, for whoever signs it: an in-toto statement. */
import path from 'node:path';
import { isRefused } from '../../difference.ts';
import { tablesOf } from '../comparison/tables.ts';
import type { CellRecord, DigestRecord, RunRecord } from '../record/record.ts';
import { byteOrder, hasMachine } from '../record/record.ts';
import { cleanLine } from '../terminal/clean.ts';
import { predicateType, type Statement, statementType } from './schema.ts';

interface Test {
  name: string;
  verdict: string;
}

/** What counts as having run: `skipped` proves nothing, and is not told. */
const lists = {
  passed: 'passedTests',
  flaky: 'warnedTests',
  known: 'warnedTests',
  failed: 'failedTests',
  error: 'failedTests',
} as const;

const listOf = (verdict: string): (typeof lists)[keyof typeof lists] | undefined =>
  Object.hasOwn(lists, verdict) ? lists[verdict as keyof typeof lists] : undefined;

/** The boot and each check of a cell; what the host could not carry out is no test of the image, and fails the whole. */
function testsOf(cell: CellRecord): Test[] {
  const { summary, attempts, access, verdict, checks } = cell;
  if (attempts.length === 0) return [];
  const boot = access !== null ? 'passed' : verdict;
  const tests = hasMachine(cell) ? [{ name: 'boot', verdict: boot }, ...checks] : checks;
  return tests.map((test) => ({
    name: `${cleanLine(summary.id)} ${cleanLine(test.name)}`,
    verdict: test.verdict,
  }));
}

/**
 * The statement of a run, or null where there is nothing that could be attested: it was cut off, no check or boot passed or
 * failed, or a file is not known to be the same after the run.
 */
export function statementOf(record: RunRecord): Statement | null {
  const { cells, comparison, contract, contractDigest, digests, harnessDigest, interrupted, version } =
    record;
  if (interrupted || contractDigest === null || harnessDigest === null) return null;
  const tested = cells.filter((cell) => testsOf(cell).some(({ verdict }) => listOf(verdict) !== undefined));
  const files = digests.filter((file) => tested.some((cell) => belongsTo(file, cell)));
  const isWhole = tested.every((cell) => digests.some((file) => belongsTo(file, cell)));
  if (files.length === 0 || !isWhole || digests.some(({ before, after }) => before !== after)) return null;

  const told: Record<'passedTests' | 'warnedTests' | 'failedTests', string[]> = {
    passedTests: [],
    warnedTests: [],
    failedTests: [],
  };
  for (const { name, verdict } of tested.flatMap(testsOf)) {
    const list = listOf(verdict);
    if (list !== undefined) told[list].push(name);
  }
  const tables = comparison === null ? [] : tablesOf(comparison);
  // A cell that could not be run is none that passed.
  const isFailed =
    told.failedTests.length > 0 ||
    cells.some(({ verdict }) => verdict === 'failed' || verdict === 'error') ||
    (comparison !== null && isRefused(comparison));
  const isWarned = told.warnedTests.length > 0 || tables.length > 0;
  return {
    _type: statementType,
    subject: files.map(({ path: file, before }) => ({
      name: path.basename(file),
      digest: { sha256: before ?? '' },
    })),
    predicateType,
    predicate: {
      result: isFailed ? 'FAILED' : isWarned ? 'WARNED' : 'PASSED',
      configuration: [
        { name: `contract ${cleanLine(contract)}`, digest: { sha256: contractDigest } },
        { name: `boot-matrix ${version}`, digest: { sha256: harnessDigest } },
      ],
      passedTests: told.passedTests.toSorted(byteOrder),
      warnedTests: told.warnedTests.toSorted(byteOrder),
      failedTests: told.failedTests.toSorted(byteOrder),
    },
  };
}

const belongsTo = ({ path: file }: DigestRecord, { summary: { image } }: CellRecord): boolean =>
  file === image || file.startsWith(image + path.sep);
