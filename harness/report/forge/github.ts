import { appendFileSync } from 'node:fs';
import { HostError } from '../../errors.ts';
import { Fold } from '../record/fold.ts';
import type { CellRecord, RunRecord } from '../record/record.ts';
import type { Reporter } from '../reporter.ts';
import { cleanLine } from '../terminal/clean.ts';
import { markdown } from './markdown.ts';

/** GitHub shows ten errors of a step and drops the others without a word. */
const mostErrors = 10;

/**
 * What did not pass, as GitHub's workflow commands, which become annotations
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
 */
export function annotations({ cells, notices }: RunRecord): string {
  const errors = [
    ...notices.filter(({ level }) => level === 'error').map(({ text }) => command('error', {}, text)),
    ...cells.flatMap(errorsOf),
  ];
  const left = errors.length - mostErrors + 1;
  const shown =
    errors.length <= mostErrors
      ? errors
      : [...errors.slice(0, mostErrors - 1), command('error', {}, `${left} more: see the step's summary`)];
  const warnings = cells
    .filter(({ verdict }) => verdict === 'flaky' || verdict === 'known')
    .map(({ summary, verdict, reason }) => command('warning', { title: `${summary.id} ${verdict}` }, reason));
  return [...shown, ...warnings.slice(0, mostErrors)].map((line) => `${line}\n`).join('');
}

/** The checks that broke, or the boot where none explains it. */
function errorsOf({ summary, verdict, phase, reason, checks }: CellRecord): string[] {
  if (verdict !== 'failed' && verdict !== 'error') return [];
  const broken = checks.filter((check) => check.verdict === 'failed' || check.verdict === 'error');
  if (broken.length === 0) {
    const where = phase === null ? '' : ` in ${phase}`;
    return [command('error', { title: `${summary.id} ${verdict}${where}` }, reason)];
  }
  return broken.map((check) =>
    command(
      'error',
      {
        ...(check.file === '' ? {} : { file: check.file }),
        title: `${summary.id} ${check.name} ${check.verdict}`,
      },
      check.reason,
    ),
  );
}

function command(name: 'error' | 'warning', properties: Record<string, string>, message: string): string {
  const told = Object.entries(properties).map(
    ([key, value]) => `${key}=${escape(cleanLine(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${[name, told.join(',')].filter(Boolean).join(' ')}::${escape(cleanLine(message))}`;
}

const escape = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** What GitHub names for a step's summary, and whether it runs here at all. */
type Environment = Readonly<Record<string, string | undefined>>;
export const runsOnGitHub = (env: Environment): boolean => env['GITHUB_ACTIONS'] === 'true';

/** Prints the annotations, and adds the run to the step's summary where there is one. */
export function createGitHubReporter(
  output: NodeJS.WritableStream = process.stdout,
  env: Environment = process.env,
): Reporter {
  const state = new Fold();
  return {
    onEvent: (event) => state.add(event),
    finish() {
      const record = state.record();
      output.write(annotations(record));
      const file = env['GITHUB_STEP_SUMMARY'];
      if (file === undefined || file === '') return;
      try {
        appendFileSync(file, markdown(record));
      } catch (cause) {
        const { message } = cause as Error;
        throw new HostError('report-unwritable', `${file} could not be written: ${message}`, { cause });
      }
    },
  };
}
