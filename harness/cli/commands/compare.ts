import { resolve } from 'node:path';
import { Command } from 'commander';
import { loadContract } from '../../../scenarios/contracts/load.ts';
import { type Comparison, isRefused } from '../../difference.ts';
import { comparisonMarkdown } from '../../report/comparison/markdown.ts';
import { tablesOf } from '../../report/comparison/tables.ts';
import { tableText } from '../../report/comparison/text.ts';
import { lineForTerminal } from '../../report/terminal/clean.ts';
import { count } from '../../report/terminal/lines.ts';
import { compareRun } from '../runs/compare-run.ts';
import { readRuns, refuseOthers } from '../runs/earlier-runs.ts';
import { commandName } from '../called.ts';
import { exitCodes } from '../exit-code.ts';
import { valueOf } from '../options/option-values.ts';
import { readCommandLine } from '../options/read.ts';
import type { Run } from './command.ts';

/**
 * `boot-matrix compare A B`: what the run B differs in from the earlier run A, and its cells from each other. Boots nothing.
 * @returns 1 where something differs that counts.
 * @throws UsageError
 */
export const compare: Run = async (args) => {
  const program = new Command(`${commandName} compare`)
    .description('Compare the reports of two runs, and boot nothing.')
    .argument('<A>', "the earlier run: a directory of reports, or a file of 'boot-matrix baseline'")
    .argument('<B>', 'the later one')
    .option('--markdown', 'print Markdown, e.g. for a pull request', false)
    .option(
      '--contract <NAME|FILE>',
      'whose mayDiffer and differences count',
      valueOf('--contract', 'the name of a contract or the path of a JSON file'),
    );
  if (!readCommandLine(program, args)) return exitCodes.passed;
  const { contract, markdown } = program.opts<{ contract?: string; markdown: boolean }>();
  const [a = '', b = ''] = program.args;
  const rules = contract === undefined ? {} : await loadContract(contract);
  const earlier = readRuns(resolve(a));
  const [later] = readRuns(resolve(b));
  refuseOthers(earlier, later.cells);
  const comparison = compareRun(later, rules, { earlier });
  if (comparison === null) throw new Error('an earlier run was given, and not compared with');
  process.stdout.write(markdown ? comparisonMarkdown(comparison) : plain(comparison));
  return isRefused(comparison) ? exitCodes.failed : exitCodes.passed;
};

function plain(comparison: Comparison): string {
  const { across, against } = comparison;
  const width = process.stdout.columns || 120;
  const tables = tablesOf(comparison).map((table) => tableText(table, width));
  const notes = [...across.notes, ...(against?.notes ?? [])].map(lineForTerminal).join('\n');
  const end = `${count(across.cells, 'cell')} compared: ${count(tables.length, 'difference')}${isRefused(comparison) ? ', refused' : ''}`;
  return `${[...tables, notes, end].filter(Boolean).join('\n\n')}\n`;
}
