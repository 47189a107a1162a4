import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { loadContract } from '../../scenarios/contracts/load.ts';
import { baselineText } from '../compare/baseline.ts';
import { type Comparison, isRefused } from '../difference.ts';
import { HostError } from '../errors.ts';
import { comparisonMarkdown } from '../report/comparison/markdown.ts';
import { tablesOf } from '../report/comparison/tables.ts';
import { tableText } from '../report/comparison/text.ts';
import { lineForTerminal } from '../report/terminal/clean.ts';
import { count } from '../report/terminal/lines.ts';
import { compareRun } from './compare-run.ts';
import { readRuns, refuseOthers } from './earlier-runs.ts';
import { exitCodes } from './exit-code.ts';
import { valueOf } from './options/option-values.ts';
import { parseCommand } from './parse-command.ts';

/**
 * `boot-matrix compare A B`: what the run B differs in from the earlier run A, and its cells from each other. Boots nothing.
 * @returns 1 where something differs that counts.
 * @throws UsageError
 */
export async function compare(args: readonly string[]): Promise<number> {
  const program = new Command('boot-matrix compare')
    .description('Compare the reports of two runs, and boot nothing.')
    .argument('<A>', "the earlier run: a directory of reports, or a file of 'boot-matrix baseline'")
    .argument('<B>', 'the later one')
    .option('--markdown', 'print Markdown, e.g. for a pull request', false)
    .option(
      '--contract <NAME|FILE>',
      'whose mayDiffer and differences count',
      valueOf('--contract', 'the name of a contract or the path of a JSON file'),
    );
  const parsed = parseCommand<{ contract?: string; markdown: boolean }>(program, args);
  if (parsed === null) return exitCodes.passed;
  const { contract, markdown } = parsed.options;
  const [a = '', b = ''] = parsed.args;
  const rules = contract === undefined ? {} : await loadContract(contract);
  const earlier = readRuns(resolve(a));
  const [later] = readRuns(resolve(b));
  refuseOthers(earlier, later.cells);
  const comparison = compareRun(later, rules, { earlier });
  if (comparison === null) throw new Error('an earlier run was given, and not compared with');
  process.stdout.write(markdown ? comparisonMarkdown(comparison) : plain(comparison));
  return isRefused(comparison) ? exitCodes.failed : exitCodes.passed;
}

function plain(comparison: Comparison): string {
  const { across, against } = comparison;
  const width = process.stdout.columns || 120;
  const tables = tablesOf(comparison).map((table) => tableText(table, width));
  const notes = [...across.notes, ...(against?.notes ?? [])].map(lineForTerminal).join('\n');
  const end = `${count(across.cells, 'cell')} compared: ${count(tables.length, 'difference')}${isRefused(comparison) ? ', refused' : ''}`;
  return `${[...tables, notes, end].filter(Boolean).join('\n\n')}\n`;
}

/**
 * `boot-matrix baseline DIR…`: writes what later runs are compared with into one file. Of several runs the first is
 * compared with; the others tell how much its figures vary.
 * @throws UsageError, HostError `report-unwritable`
 */
export async function baseline(args: readonly string[]): Promise<number> {
  const program = new Command('boot-matrix baseline')
    .description(
      'Write a file that later runs are compared with by --baseline: small enough to be committed.',
    )
    .argument('[DIR...]', 'directories of reports, or such files; the newest first', ['reports'])
    .option('--to <FILE>', 'the file', valueOf('--to', 'the path of a file'), 'baseline.json');
  const parsed = parseCommand<{ to: string }>(program, args);
  if (parsed === null) return exitCodes.passed;
  const { to } = parsed.options;
  const paths = parsed.args.length === 0 ? ['reports'] : parsed.args;
  const text = baselineText(paths.flatMap((path) => readRuns(resolve(path))));
  try {
    writeFileSync(to, text);
  } catch (cause) {
    throw new HostError('report-unwritable', `${to} could not be written: ${(cause as Error).message}`, {
      cause,
    });
  }
  process.stdout.write(`${to}: ${Math.ceil(text.length / 1024)} KiB\n`);
  return exitCodes.passed;
}
