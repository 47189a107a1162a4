import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { baselineText } from '../../compare/baseline.ts';
import { HostError } from '../../errors.ts';
import { commandName } from '../called.ts';
import { exitCodes } from '../exit-code.ts';
import { valueOf } from '../options/option-values.ts';
import { readCommandLine } from '../options/read.ts';
import { readRuns } from '../runs/earlier-runs.ts';
import type { Run } from './command.ts';

/**
 * `boot-matrix baseline DIR…`: writes what later runs are compared with into one file. Of several runs the first is
 * compared with; the others tell how much its figures vary.
 * @throws UsageError, HostError `report-unwritable`
 */
export const baseline: Run = async (args) => {
  const program = new Command(`${commandName} baseline`)
    .description(
      'Write a file that later runs are compared with by --baseline: small enough to be committed.',
    )
    .argument('[DIR...]', 'directories of reports, or such files; the newest first', ['reports'])
    .option('--to <FILE>', 'the file', valueOf('--to', 'the path of a file'), 'baseline.json');
  if (!readCommandLine(program, args)) return exitCodes.passed;
  const { to } = program.opts<{ to: string }>();
  const paths = program.args.length === 0 ? ['reports'] : program.args;
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
};
