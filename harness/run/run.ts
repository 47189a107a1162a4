import { createHash } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import { mkdir } from 'node:fs/promises';
import { type Contract, promisesOf } from '../../scenarios/contracts/contract.ts';
import { contractFor } from '../../scenarios/contracts/promised.ts';
import type { DifferenceRules } from '../difference.ts';
import { HostError } from '../errors.ts';
import type { AcceleratorReport, Emit, EventBody, EventOf, Verdict } from '../events.ts';
import type { Arch } from '../images/image.ts';
import { type AnyCell, isReleaseCell } from '../matrix/cell.ts';
import { summarize } from '../matrix/summary.ts';
import { qemuVersion } from '../machine/version.ts';
import { measureCapacity, measureMemory } from '../schedule/capacity.ts';
import { type History, historyKey } from '../schedule/history.ts';
import { type ScheduleOptions, schedule } from '../schedule/schedule.ts';
import { Archives } from './archives.ts';
import type { AttachServer } from './attach/attach-server.ts';
import { CellRun } from './attempts.ts';
import type { OwnBudgets } from './budgets.ts';
import { Claims } from './claims.ts';
import { Digests } from './digests.ts';
import type { OwnChecks } from './examine/checks.ts';
import { describeError } from './fault.ts';
import type { KnownFailure } from './known.ts';
import { EarlyEnd, type Limits } from './limits.ts';
import type { ReleaseWishes } from '../release-checks.ts';
import { runRelease } from './release/run-release.ts';
import { worstVerdict } from './verdict.ts';

export interface RunOptions {
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
  /** The names of the only checks to run; undefined: all. */
  checks: readonly string[] | undefined;
  /** Which part of a split run this is; undefined: a whole one. */
  shard: EventOf<'run-started'>['shard'];
  /** What ends the run before all is done. */
  limits: Limits;
  /** For each architecture among the cells what it runs on, or why it cannot. */
  accelerator: Partial<Record<Arch, AcceleratorReport | HostError>>;
  /** Machines at once. */
  jobs: number;
  /** How often a cell that the host failed is tried again. */
  retries: number;
  /** Whether a boot that failed without a word of why is done once more for the reason. */
  explain: boolean;
  /** For how many seconds the machine of a cell that did not pass is kept for a person; undefined: it is not. */
  holdSeconds: number | undefined;
  /** Lets persons into machines. */
  attach: AttachServer;
  /** Directory of the reports; cells write below `cells/`. */
  out: string;
  /** Directory of this run for what goes away with it. */
  scratch: string;
  order: ScheduleOptions['order'];
  command: readonly string[];
  version: string;
  /** SHA-256 of the harness's own files. */
  harnessDigest: string;
  emit: Emit;
  signal: AbortSignal;
}

export interface RunResult {
  verdict: Verdict;
  interrupted: boolean;
  /** Whether an archive was refused: its cells say why. */
  badInput: boolean;
  /** Seconds by cell id, of the cells that came to a verdict on the guest. */
  durations: History;
}

/** Runs the matrix; what happens is in the events, the answer is the sum. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { cells, checks, contract, jobs, retries, explain, out, scratch, shard, emit } = options;
  const capacity = await measureCapacity(scratch);
  const { accelerator, unable } = split(options.accelerator);
  const archs = Object.keys(accelerator) as Arch[];
  const versions = await Promise.all(archs.map(async (arch) => [arch, await qemuVersion(arch)] as const));
  await mkdir(out, { recursive: true });
  emit({
    type: 'run-started',
    version: options.version,
    command: [...options.command],
    host: {
      platform: process.platform,
      arch: process.arch,
      cpus: availableParallelism(),
      memoryMiB: Math.floor(totalmem() / 2 ** 20),
      node: process.version,
    },
    contract: contract.name,
    contractDigest: contractDigest(contract),
    rules: rulesOf(contract),
    harnessDigest: options.harnessDigest,
    ...(checks === undefined ? {} : { checks: [...checks] }),
    ...(shard === undefined ? {} : { shard }),
    accelerator,
    qemu: Object.fromEntries(versions),
    cells: cells.map(summarize),
  });

  using early = new EarlyEnd(options.limits, options.signal);
  const { signal } = early;
  const verdicts: Verdict[] = [];
  const unfinished = new Set<AnyCell>();
  const count = (verdict: Verdict): void => {
    verdicts.push(verdict);
    early.count(verdict);
  };
  const durations: History = {};
  const digests = new Digests(emit);
  const claims = new Claims();
  const archives = new Archives({ digests, emit, signal });
  const cellRuns = new Map<AnyCell, CellRun>();
  const runnable: AnyCell[] = [];
  for (const cell of cells) {
    const fault = isReleaseCell(cell) ? undefined : unable[cell.arch];
    if (cell.skip !== undefined) {
      count('skipped');
      emit(unbegun(cell.id, { verdict: 'skipped', reason: cell.skip }));
    } else if (fault !== undefined) {
      count('error');
      emit(unbegun(cell.id, describeError(fault)));
    } else {
      runnable.push(cell);
      unfinished.add(cell);
    }
  }
  await schedule(runnable, {
    jobs,
    capacity,
    order: options.order,
    signal,
    remeasure: measureMemory,
    refuse: (cell, reason) => {
      count('error');
      unfinished.delete(cell);
      const begun = cellRuns.get(cell);
      if (begun === undefined) emit(unbegun(cell.id, { verdict: 'error', code: 'host-too-small', reason }));
      else begun.giveUp(reason);
    },
    onCrowd: (machines) => emit({ type: 'machines-at-once', machines, jobs }),
    prepare: async (cell) => {
      if (isReleaseCell(cell)) return true;
      const fault = await archives.open(cell);
      if (fault === null) return true;
      count('error');
      unfinished.delete(cell);
      emit(unbegun(cell.id, fault));
      return false;
    },
    run: async (cell, { cpus, machines }) => {
      if (isReleaseCell(cell)) {
        const { wishes, known } = options;
        const ended = await runRelease(cell, { wishes, digests, known, emit, signal });
        if (ended !== undefined) {
          count(ended.verdict);
          unfinished.delete(cell);
          durations[historyKey(cell)] = ended.seconds;
        }
        return { next: 'done', starved: null };
      }
      const chosen = accelerator[cell.arch];
      if (chosen === undefined) throw new Error(`no accelerator was chosen for ${cell.arch}`);
      // Two vCPUs of TCG do not always see the code that the other one changes: of some hundred boots two ended in an
      // oops that no processor could have. One never did.
      const vcpus = chosen.name === 'tcg' ? 1 : cpus;
      const perCore = Math.max(1, (machines * vcpus) / capacity.cpus);
      const cellRun = cellRuns.get(cell) ?? new CellRun(archives.opened(cell), { retries, out, emit });
      cellRuns.set(cell, cellRun);
      const ended = await cellRun.attempt({
        contract: contractFor(contract, cell),
        own: options.own,
        known: options.known,
        budgets: options.budgets,
        checks,
        accelerator: chosen,
        cpus: vcpus,
        slowness: chosen.slowness * perCore,
        isAlone: machines === 1,
        explain,
        holdSeconds: options.holdSeconds,
        attach: options.attach,
        out,
        scratch,
        digests,
        claims,
        emit,
        signal,
      });
      const { next, starved } = ended;
      if (next === 'done') {
        count(ended.verdict);
        unfinished.delete(cell);
        if (ended.verdict !== 'error') durations[historyKey(cell)] = ended.seconds;
      }
      return { next, starved };
    },
  });

  await archives.release();
  // An interrupted run leaves what was not done untold, as a killed one must: the reports know what that means.
  if (early.reached !== undefined && !options.signal.aborted) {
    for (const cell of unfinished) {
      const begun = cellRuns.get(cell);
      count(early.reached.verdict);
      if (begun === undefined) emit(unbegun(cell.id, early.reached));
      else begun.giveUp(`waited when ${early.reached.reason}`);
    }
  }

  const changed = await digests.changed();
  for (const path of changed) {
    verdicts.push('error');
    emit({
      type: 'notice',
      level: 'error',
      text: `${path} changed while it was tested: the verdicts are not about the bytes that are there now.`,
    });
  }
  const { badInput } = archives;
  return { verdict: worstVerdict(verdicts), interrupted: options.signal.aborted, badInput, durations };
}

const rulesOf = ({ mayDiffer, differences }: Contract): DifferenceRules => ({
  ...(mayDiffer === undefined ? {} : { mayDiffer }),
  ...(differences === undefined ? {} : { differences }),
});

const contractDigest = (contract: Contract): string =>
  createHash('sha256')
    .update(JSON.stringify(promisesOf(contract)))
    .digest('hex');

/** The architectures whose machines run here, and those whose do not. */
function split(all: RunOptions['accelerator']): {
  accelerator: Partial<Record<Arch, AcceleratorReport>>;
  unable: Partial<Record<Arch, HostError>>;
} {
  const accelerator: Partial<Record<Arch, AcceleratorReport>> = {};
  const unable: Partial<Record<Arch, HostError>> = {};
  for (const arch of Object.keys(all) as Arch[]) {
    const one = all[arch];
    if (one instanceof HostError) unable[arch] = one;
    else if (one !== undefined) accelerator[arch] = one;
  }
  return { accelerator, unable };
}

/** The end of a cell for which no machine was ever made. */
const unbegun = (
  cell: string,
  told: { verdict: Verdict; code?: string; reason: string; evidence?: string },
): EventBody => ({
  type: 'cell-finished',
  cell,
  attempts: 0,
  ...told,
  phase: null,
  seconds: 0,
  cpuSeconds: null,
  access: null,
});
