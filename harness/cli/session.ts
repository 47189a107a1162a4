import { rm } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Contract, promisesOf } from '../../scenarios/contracts/contract.ts';
import type { RecordedBoot } from '../compare/boots.ts';
import type { RecordedRun } from '../compare/recorded.ts';
import { trendsOf } from '../compare/trends.ts';
import type { Comparison } from '../difference.ts';
import type { EventOf } from '../events.ts';
import { startGuardian } from '../machine/process/guardian.ts';
import { makeScratch } from '../machine/process/ownership.ts';
import { type Swept, sweep } from '../machine/process/sweep.ts';
import { type AnyCell, isReleaseCell } from '../matrix/cell.ts';
import type { ReleaseWishes } from '../release-checks.ts';
import { type EventBus, createEventBus } from '../report/record/bus.ts';
import { Fold } from '../report/record/fold.ts';
import { claimOutput } from '../report/claim.ts';
import { type EventLog, openEventLog } from '../report/record/event-log.ts';
import { reportFiles } from '../report/choice.ts';
import { contractName } from '../report/output-directory.ts';
import type { Reporter } from '../report/reporter.ts';
import { createReporters } from '../report/reporters.ts';
import type { OwnBudgets } from '../run/budgets.ts';
import type { OwnChecks } from '../run/examine/checks.ts';
import { AttachServer } from '../run/attach/attach-server.ts';
import type { KnownFailure } from '../run/known.ts';
import type { Limits } from '../run/limits.ts';
import { run } from '../run/run.ts';
import { addBoots, readBoots } from './runs/boot-history.ts';
import { compareRun } from './runs/compare-run.ts';
import { ownDigest } from './own-digest.ts';
import { recordedBoots } from './runs/recorded-boots.ts';
import { recordedRun } from './runs/recorded-run.ts';
import { commandName } from './called.ts';
import { quote } from '../shell-quote.ts';
import { chooseAccelerators } from './host/accelerators.ts';
import { keepDurations, readDurations } from './durations.ts';
import { exitCodeOf, exitCodes, withComparison } from './exit-code.ts';
import { describeFailure } from './failure.ts';
import type { Interrupt } from './interrupt.ts';
import type { Options } from './options/options.ts';
import { cacheDirectory } from '../cache-directory.ts';
import { reporterArguments } from './options/reporter-values.ts';
import { version } from './version.ts';

export interface Session {
  cells: readonly AnyCell[];
  /** What is asked of releases beyond what their files say. */
  wishes: ReleaseWishes;
  contract: Contract;
  /** The user's own checks. */
  own: OwnChecks;
  /** What phases may take in place of our budgets. */
  budgets: OwnBudgets;
  /** Failures that are known. */
  known: readonly KnownFailure[];
  /** Earlier runs that it is compared with, the newest first. @default none */
  baseline?: readonly RecordedRun[];
  /** Ids of all cells that these images have, whatever was asked for. @default those that are run */
  planned?: readonly string[];
  /** The names of the only checks to run; undefined: all. */
  checks: readonly string[] | undefined;
  /** Which part of a split run this is; undefined: a whole one. */
  shard: EventOf<'run-started'>['shard'];
  /** The command line as typed. */
  command: readonly string[];
  options: Pick<
    Options,
    | 'accelerator'
    | 'explain'
    | 'failOnFlaky'
    | 'globalTimeout'
    | 'holdOnFailure'
    | 'jobs'
    | 'json'
    | 'maxFailures'
    | 'out'
    | 'pictures'
    | 'quiet'
    | 'reporters'
    | 'retries'
    | 'seed'
  >;
  interrupt: Interrupt;
  /** Takes what a person must read beside the reports. */
  tell: (line: string) => void;
}

/** Runs cells with all that surrounds a run: scratch space, the accelerators' proof, the reports. Resolves to the exit code. */
export async function runSession(session: Session): Promise<number> {
  const { out } = session.options;
  const claim = claimOutput(out);
  try {
    // First: should this run be killed, no earlier one's events are reported for it.
    const log = openEventLog(
      out,
      session.cells.map(({ id }) => id),
    );
    const swept = await sweep();
    const scratch = await makeScratch();
    const guardian = await startGuardian(scratch, writeReports(session.options)).catch(
      async (error: unknown) => {
        await rm(scratch, { recursive: true, force: true });
        throw error;
      },
    );
    try {
      const attach = await AttachServer.listen(
        join(scratch, 'attach.sock'),
        (cell) => `${commandName} attach ${quote(cell)} --out ${quote(out)}`,
      );
      claim.letIn(attach.path);
      try {
        return await runReported(session, { log, scratch, swept, attach });
      } finally {
        attach.close();
      }
    } finally {
      await guardian.release();
    }
  } finally {
    claim.release();
  }
}

/** What is left to do by others for a run that is killed: its reports. */
const writeReports = (options: Session['options']): string[] => {
  const main = join(import.meta.dirname, `main${extname(import.meta.filename)}`);
  return [process.execPath, main, '--report-only', '--out', options.out, ...reporterArguments(options)];
};

interface Prepared {
  log: EventLog;
  scratch: string;
  swept: Swept;
  attach: AttachServer;
}

async function runReported(session: Session, { log, scratch, swept, attach }: Prepared): Promise<number> {
  const { cells, checks, contract, budgets, known, own, command, options, interrupt, shard, tell, wishes } =
    session;
  const { seed } = options;
  const began = performance.now();
  const cache = cacheDirectory();
  const archs = [...new Set(cells.flatMap((cell) => (isReleaseCell(cell) ? [] : cell.arch)))];
  const accelerator = await chooseAccelerators(archs, options.accelerator, { cache, scratch });
  const seen = new Fold();
  const bus = openBus(log, options, [
    (event) => seen.add(event),
    (event) => attach.hear(event),
    (event) => {
      if (event.type === 'run-started') keepContract(contract, options.out);
    },
  ]);
  // A line of ours between those of the live view would garble it.
  const { say } = interrupt;
  interrupt.say = (text, level) => bus.emit({ type: 'notice', level, text });
  let exitCode: number = exitCodes.host;
  try {
    const result = await run({
      cells,
      wishes,
      contract,
      own,
      known,
      budgets,
      checks,
      shard,
      command,
      accelerator,
      scratch,
      version,
      harnessDigest: ownDigest(),
      explain: options.explain,
      holdSeconds: options.holdOnFailure,
      attach,
      order: seed === undefined ? { history: await readDurations() } : { seed },
      jobs: options.jobs,
      retries: options.retries,
      limits: limitsOf(options),
      out: options.out,
      emit: bus.emit,
      signal: interrupt.signal,
    });
    exitCode = interrupt.crash === undefined ? exitCodeOf(result, options) : exitCodes.host;
    // Of a run that was cut off it is not known how its cells would have differed.
    if (!interrupt.signal.aborted) {
      const { boots, comparison } = await compareCells(seen, session);
      if (comparison !== null) bus.emit({ type: 'compared', ...comparison });
      exitCode = withComparison(exitCode, comparison);
      await addBoots(boots);
    }
    await keepDurations(result.durations);
  } finally {
    interrupt.say = say;
    const left = describeSwept(swept);
    if (left !== null) bus.emit({ type: 'notice', level: 'info', text: left });
    emitEnd(bus, { exitCode, began, interrupted: interrupt.signal.aborted });
    const problems = await bus.finish();
    for (const problem of problems) tell(describeFailure(problem).text);
    if (problems.length > 0) exitCode = Math.max(exitCode, exitCodes.host);
    if (options.json && problems.length === 0)
      process.stdout.write(readFileSync(join(options.out, reportFiles.json)));
  }
  return exitCode;
}

/** What the images are held to, for whoever gets the report. */
const keepContract = (contract: Contract, out: string): void =>
  writeFileSync(join(out, contractName), `${JSON.stringify(promisesOf(contract), null, 2)}\n`);

interface Compared {
  comparison: Comparison | null;
  /** What later runs have these beside them. */
  boots: RecordedBoot[];
}

async function compareCells(
  seen: Fold,
  { contract, options, baseline = [], planned = [] }: Session,
): Promise<Compared> {
  const record = seen.record();
  const run = recordedRun(record, { out: options.out, name: options.out });
  const boots = recordedBoots(record, { project: process.cwd(), cells: run.cells });
  const trends = trendsOf(boots, await readBoots());
  return {
    comparison: compareRun(run, contract, { earlier: baseline, notRun: planned, trends }),
    boots: boots.map(({ boot }) => boot),
  };
}

function describeSwept({ machines, directories }: Swept): string | null {
  if (machines + directories === 0) return null;
  return `Removed what killed runs had left: machines ${machines}, scratch directories ${directories}.`;
}

/** The time that the whole command may take is over that much sooner for its run. */
const limitsOf = ({ maxFailures, globalTimeout }: Session['options']): Limits => ({
  maxFailures,
  seconds: globalTimeout === undefined ? undefined : globalTimeout - performance.now() / 1000,
});

function openBus(
  log: EventLog,
  options: Session['options'],
  listeners: readonly Reporter['onEvent'][],
): EventBus {
  // Standard output is the JSON's alone where JSON was asked for.
  const output = options.json ? process.stderr : process.stdout;
  const reporters = createReporters({ ...options, outDir: options.out, output });
  return createEventBus({ log, reporters: [...listeners.map((onEvent) => ({ onEvent })), ...reporters] });
}

function emitEnd(bus: EventBus, end: { exitCode: number; began: number; interrupted: boolean }): void {
  const { user, system } = process.cpuUsage();
  bus.emit({
    type: 'run-finished',
    exitCode: end.exitCode,
    interrupted: end.interrupted,
    seconds: (performance.now() - end.began) / 1000,
    cpuSeconds: (user + system) / 1e6,
  });
}
