import { findConfig } from '../../../config/find.ts';
import { loadConfig } from '../../../config/load.ts';
import { checkPrivateKeys } from '../../../scenarios/contracts/private-key.ts';
import { byId, planCells } from '../../matrix/cells.ts';
import { filterCells } from '../../matrix/filter.ts';
import { planReleases } from '../../matrix/releases.ts';
import { repeatCells } from '../../matrix/repeat.ts';
import { summarize } from '../../matrix/summary.ts';
import { knownChecks } from '../cells/checks.ts';
import { contractOf } from '../cells/contract.ts';
import { resolveKnown } from '../cells/known.ts';
import { keepLastFailed } from '../cells/last-failed.ts';
import { listing } from '../cells/listing.ts';
import { locateImages } from '../cells/locate.ts';
import { refuseMeantCommand } from '../cells/meant-command.ts';
import { planJson, planTable } from '../cells/plan.ts';
import { takeShard } from '../cells/take-shard.ts';
import { readDurations } from '../durations.ts';
import { readRuns, refuseOthers } from '../runs/earlier-runs.ts';
import { exitCodes } from '../exit-code.ts';
import { ensureRequirements } from '../host/ensure-requirements.ts';
import { ensureUser } from '../host/ensure-user.ts';
import { requirementsFor } from '../host/requirements.ts';
import { withIpxe } from '../host/with-ipxe.ts';
import type { CommandLine } from '../options/options.ts';
import { withConfig } from '../options/with-config.ts';
import type { Context } from './command.ts';

/** Finds images, boots their matrix and reports; or lists it, or plans it. Resolves to the exit code. */
export async function boot(commandLine: CommandLine, { typed, interrupt, tell }: Context): Promise<number> {
  const file = commandLine.options.config ?? (await findConfig(process.cwd()));
  const config = file === undefined ? undefined : await loadConfig(file);
  const options = withConfig(commandLine, config);
  if (options.reportOnly) return (await import('./report-again.ts')).reportAgain(options);
  // What is wrong on the command line is told before anything is installed, built or booted.
  refuseMeantCommand(options);
  const contract = await contractOf(options, config);
  const earlier = options.baseline === undefined ? [] : readRuns(options.baseline);
  const own = { scenarios: config?.scenarios ?? [], base: config?.directory ?? process.cwd() };
  const checks = await knownChecks(options.checks, contract, own);
  const bootsNothing = options.list || options.plan;
  if (!bootsNothing) ensureUser();
  await ensureRequirements(requirementsFor({ ...options, list: bootsNothing }), tell);
  if (!bootsNothing) await checkPrivateKeys(contract, options.contract ?? contract.name);
  const { images, releases } = await locateImages(options, tell, interrupt.signal);
  // Programs that looked at images were ended by the same Ctrl-C.
  interrupt.signal.throwIfAborted();
  const wishes = config?.release ?? {};
  const planned = [...planCells(images), ...(await planReleases(releases, wishes, checks))].sort(byId);
  const selected = repeatCells(filterCells(planned, options.filters), options.repeatEach);
  const wanted = options.lastFailed ? keepLastFailed(selected, options.out, tell) : selected;
  const { cells: taken, shard } = await takeShard(wanted, options.shard);
  const cells = await withIpxe(taken, { bring: !bootsNothing, tell, signal: interrupt.signal });
  if (options.list) {
    process.stdout.write(
      options.json ? `${JSON.stringify(cells.map(summarize), null, 2)}\n` : listing(cells),
    );
    return exitCodes.passed;
  }
  if (options.plan) {
    const plan = { history: await readDurations(), shards: options.shards };
    process.stdout.write(options.json ? planJson(cells, plan) : planTable(cells, plan));
    return exitCodes.passed;
  }
  if (options.lastFailed && wanted.length === 0) return exitCodes.passed;
  refuseOthers(earlier, wanted);
  // All that a machine needs: who only lists starts without.
  const { runSession } = await import('../session.ts');
  return runSession({
    cells,
    wishes,
    contract,
    checks,
    shard,
    baseline: earlier,
    planned: planned.map(({ id }) => id),
    own,
    budgets: config?.budgets ?? {},
    known: resolveKnown(config?.known ?? [], planned, tell),
    command: typed,
    options,
    interrupt,
    tell,
  });
}
