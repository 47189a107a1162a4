import type { Verdict } from '../../events.ts';
import { tablesOf } from '../comparison/tables.ts';
import { type ReportedCase, casesOf } from '../junit/junit-cases.ts';
import type { CellRecord, RunRecord } from '../record/record.ts';
import { cleanLine } from '../terminal/clean.ts';

/** The run in TAP 14 (https://testanything.org/tap-version-14-specification.html): a test a cell, in it one a check. */
export function tap(record: RunRecord): string {
  const { cells } = record;
  const lines = cells.flatMap((cell, index) => cellLines(cell, index + 1));
  const errors = record.notices.filter(({ level }) => level === 'error');
  const refused = (record.comparison === null ? [] : tablesOf(record.comparison)).filter(
    ({ level }) => level === 'fail',
  );
  const broken = [...errors.map(({ text }) => text), ...refused.map(({ title }) => title)];
  const notices = broken.map((text, index) => `not ok ${cells.length + index + 1} - ${described(text)}`);
  return `${['TAP version 14', `1..${cells.length + broken.length}`, ...lines, ...notices].join('\n')}\n`;
}

function cellLines(cell: CellRecord, number: number): string[] {
  const { verdict, reason, summary, seconds } = cell;
  if (verdict === 'skipped') return [`ok ${number} - ${described(summary.id)} # SKIP ${described(reason)}`];
  const cases = casesOf(cell, (file) => file);
  return [
    `# Subtest: ${described(summary.id)}`,
    `    1..${cases.length}`,
    ...cases.flatMap((one, index) => caseLines(one, index + 1).map((line) => `    ${line}`)),
    `${isOk(verdict) ? 'ok' : 'not ok'} ${number} - ${described(summary.id)}${todo(verdict, reason)}`,
    ...diagnosis({ verdict, ...(reason === '' ? {} : { message: reason }), seconds }),
  ];
}

function caseLines({ name, verdict, message, seconds, code }: ReportedCase, number: number): string[] {
  if (verdict === 'skipped') return [`ok ${number} - ${described(name)} # SKIP ${described(message)}`];
  return [
    `${isOk(verdict) ? 'ok' : 'not ok'} ${number} - ${described(name)}${todo(verdict, message)}`,
    ...diagnosis({
      verdict,
      ...(message === '' ? {} : { message }),
      ...(code === null ? {} : { code }),
      seconds,
    }),
  ];
}

/** A pass that needed a retry is one. */
const isOk = (verdict: Verdict): boolean => verdict === 'passed' || verdict === 'flaky';

/** TAP's own word for a failure that is known: `not ok`, and it does not fail the whole. */
const todo = (verdict: Verdict, reason: string): string =>
  verdict === 'known' ? ` # TODO ${described(reason)}` : '';

/** A block of YAML, of which JSON's strings and numbers are a part. */
function diagnosis(values: Record<string, string | number>): string[] {
  const told = Object.entries(values).map(([name, value]) => {
    const shown = typeof value === 'number' ? value.toFixed(3) : JSON.stringify(cleanLine(value));
    return `  ${name}: ${shown}`;
  });
  return ['  ---', ...told, '  ...'];
}

/** Text in which nothing is a directive. */
const described = (text: string): string => cleanLine(text).replace(/[\\#]/g, String.raw`\$&`);
