import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { RunEvent } from '../../events.ts';
import { claimOutput } from '../../report/claim.ts';
import { mergeShards } from '../../report/merge/merge.ts';
import { type ReportOptions, reportFiles, reporterNames } from '../../report/choice.ts';
import { contractName, copyCell, eventLogName } from '../../report/output-directory.ts';
import { openEventLog } from '../../report/record/event-log.ts';
import { fold } from '../../report/record/fold.ts';
import { readEvents } from '../../report/record/read-events.ts';
import type { RunRecord } from '../../report/record/record.ts';
import { createClosingReporters } from '../../report/reporters.ts';
import { commandName } from '../called.ts';
import { compareAgain } from '../runs/compare-again.ts';
import { keepDurations } from '../durations.ts';
import { exitCodes } from '../exit-code.ts';
import { valueOf } from '../options/option-values.ts';
import { parsePictures, parseReporter } from '../options/reporter-values.ts';
import { readCommandLine } from '../options/read.ts';
import type { Run } from './command.ts';

interface Parsed {
  out: string;
  json: boolean;
  reporter: ReportOptions['reporters'];
  html: ReportOptions['pictures'];
}

/**
 * Makes one report of the shards of a run, by what they have recorded.
 * @returns the exit code that the whole run would have had.
 */
export const merge: Run = async (args, { typed }) => {
  const program = new Command(`${commandName} merge`)
    .description('Makes one report of all shards of a run; their directories stay as they are.')
    .argument('<DIR...>', 'the output directories of the shards, each with its events.jsonl')
    .option('--out <DIR>', 'where the report goes', valueOf('--out', 'the path of a directory'), 'reports')
    .option('--reporter <NAME[=FILE]>', `a further report: ${reporterNames.join(', ')}`, parseReporter, [])
    .option('--html <MODE>', 'pictures of the HTML report: linked, or single', parsePictures, 'linked')
    .option('--json', 'print the summary of the run as JSON', false);
  if (!readCommandLine(program, args)) return exitCodes.passed;
  const options = program.opts<Parsed>();
  const { json, reporter: reporters, html: pictures } = options;
  const out = resolve(options.out);
  const directories = program.args.map((directory) => resolve(directory));
  const itself = directories.find((directory) => relative(directory, out) === '');
  if (itself !== undefined) {
    throw new UsageError(
      'bad-usage',
      `Expected an output directory that is none of the shards', got ${itself}; name another by --out.`,
    );
  }
  const shards = directories.map((directory) => ({
    directory,
    events: readEvents(join(directory, eventLogName)),
  }));
  const merged = mergeShards(shards, typed);

  const claim = claimOutput(out);
  let events: readonly RunEvent[];
  try {
    const cells = merged.flatMap((event) => (event.type === 'run-started' ? event.cells : []));
    const log = openEventLog(
      out,
      cells.map(({ id }) => id),
    );
    for (const { directory, events: own } of shards) {
      const ids = own.flatMap((event) => (event.type === 'run-started' ? event.cells : []));
      for (const { id } of ids) copyCell(directory, out, id);
    }
    // That of each is the same, or they would not be merged.
    const contract = directories
      .map((directory) => join(directory, contractName))
      .find((file) => existsSync(file));
    if (contract !== undefined) copyFileSync(contract, join(out, contractName));
    // What they said they are lies there now: that of all shards, side by side for the first time.
    events = compareAgain(merged, out);
    for (const event of events) log.append(JSON.stringify(event));
    log.close();
    const output = json ? process.stderr : process.stdout;
    for (const reporter of createClosingReporters({ reporters, pictures, outDir: out, output })) {
      for (const event of events) reporter.onEvent(event);
      await reporter.finish?.();
    }
    await keepDurations(durationsOf(fold(events)));
    if (json) process.stdout.write(readFileSync(join(out, reportFiles.json)));
  } finally {
    claim.release();
  }
  return events.findLast((event) => event.type === 'run-finished')?.exitCode ?? exitCodes.interrupted;
};

/** For the next plan on this host: how long the cells took that came to a verdict on the guest. */
const durationsOf = ({ cells }: RunRecord): Record<string, number> =>
  Object.fromEntries(
    cells
      .filter(({ verdict }) => verdict === 'passed' || verdict === 'failed')
      .map(({ summary, seconds }) => [summary.id, seconds]),
  );
