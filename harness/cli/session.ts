import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import type { Contract } from '../../scenarios/contracts/contract.ts';
import { startGuardian } from '../machine/guardian.ts';
import type { Cell } from '../matrix/cell.ts';
import { type EventBus, createEventBus } from '../report/bus.ts';
import { createClosingReporter } from '../report/closing.ts';
import { openEventLog } from '../report/event-log.ts';
import { createLiveReporter } from '../report/live.ts';
import { summaryName } from '../report/output-directory.ts';
import { createFileReporter } from '../report/write.ts';
import { run } from '../run/run.ts';
import { readHistory, writeHistory } from '../schedule/history.ts';
import { chooseAccelerators } from './accelerators.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { describeFailure } from './failure.ts';
import type { Interrupt } from './interrupt.ts';
import type { Options } from './options.ts';
import { cacheDirectory } from '../cache-directory.ts';
import { version } from './version.ts';

export interface Session {
  cells: readonly Cell[];
  contract: Contract;
  /** The command line as typed. */
  command: readonly string[];
  options: Pick<Options, 'accelerator' | 'jobs' | 'json' | 'out' | 'retries'>;
  interrupt: Interrupt;
  /** Takes what a person must read beside the reports. */
  tell: (line: string) => void;
}

/** Runs cells with all that surrounds a run: scratch space, the accelerators' proof, the reports. Resolves to the exit code. */
export async function runSession(session: Session): Promise<number> {
  // Its path is short: a unix socket's has room for 107 bytes.
  const { path: scratch } = await dir({ prefix: 'bm', keep: true });
  const guardian = startGuardian(scratch);
  try {
    return await runReported(session, scratch);
  } finally {
    await guardian.release();
  }
}

async function runReported(session: Session, scratch: string): Promise<number> {
  const { cells, contract, command, options, interrupt, tell } = session;
  const began = performance.now();
  const cache = cacheDirectory();
  const historyFile = join(cache, 'durations.json');
  const archs = [...new Set(cells.map(({ arch }) => arch))];
  const accelerator = await chooseAccelerators(archs, options.accelerator, { cache, scratch });
  const bus = openBus(cells, options);
  // A line of ours between those of the live view would garble it.
  interrupt.say = (text) => bus.emit({ type: 'notice', level: 'warning', text });
  let exitCode: number = exitCodes.host;
  try {
    const result = await run({
      cells,
      contract,
      command,
      accelerator,
      scratch,
      version,
      history: await readHistory(historyFile),
      jobs: options.jobs,
      retries: options.retries,
      out: options.out,
      emit: bus.emit,
      signal: interrupt.signal,
    });
    exitCode = exitCodeOf(result);
    await writeHistory(historyFile, result.durations);
  } finally {
    interrupt.say = tell;
    emitEnd(bus, { exitCode, began, interrupted: interrupt.signal.aborted });
    const problems = await bus.finish();
    for (const problem of problems) tell(describeFailure(problem).text);
    if (problems.length > 0) exitCode = Math.max(exitCode, exitCodes.host);
    if (options.json && problems.length === 0)
      process.stdout.write(readFileSync(join(options.out, summaryName)));
  }
  return exitCode;
}

function openBus(cells: readonly Cell[], { out, json }: Session['options']): EventBus {
  // Standard output is the JSON's alone where JSON was asked for.
  const output = json ? process.stderr : process.stdout;
  const log = openEventLog(
    out,
    cells.map(({ id }) => id),
  );
  return createEventBus({
    log,
    reporters: [createLiveReporter(output), createFileReporter(out), createClosingReporter(out, output)],
  });
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
