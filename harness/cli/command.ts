import { findConfig } from '../../config/find.ts';
import { loadConfig } from '../../config/load.ts';
import { checkPrivateKey } from '../../scenarios/contracts/private-key.ts';
import { planCells } from '../matrix/cells.ts';
import { filterCells } from '../matrix/filter.ts';
import { repeatCells } from '../matrix/repeat.ts';
import { summarize } from '../matrix/summary.ts';
import { forTerminal } from '../report/terminal/clean.ts';
import { baseline, compare } from './compare.ts';
import { readRuns, refuseOthers } from './earlier-runs.ts';
import { ensureRequirements } from './ensure-requirements.ts';
import { ensureUser } from './ensure-user.ts';
import { contractOf } from './contract.ts';
import { exitCodes } from './exit-code.ts';
import { describeFailure } from './failure.ts';
import { Interrupt } from './interrupt.ts';
import { listing } from './listing.ts';
import { locateImages } from './locate.ts';
import { resolveKnown } from './known.ts';
import { type CommandLine, parseOptions } from './options.ts';
import { reportAgain } from './report-again.ts';
import { requirementsFor } from './requirements.ts';
import { verify } from './verify.ts';
import { runSession } from './session.ts';
import { withConfig } from './with-config.ts';

/** The commands that boot nothing; without one of them cells are booted. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  baseline,
  compare,
  verify,
};

/** The main job: finds images, boots their matrix, reports. Resolves to the exit code; what goes wrong is printed, not thrown. */
export async function main(args: readonly string[]): Promise<number> {
  // Names of files may hold what a terminal takes for commands.
  const tell = (line: string): void => void process.stderr.write(`${forTerminal(line)}\n`);
  const interrupt = new Interrupt(tell);
  // A reader that goes away (`… --list | head`) is no defect of ours.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  try {
    const [name = '', ...rest] = args;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command !== undefined) return await command(rest);
    const commandLine = parseOptions(args);
    if (commandLine === null) return exitCodes.passed;
    return await boot(commandLine, args, tell, interrupt);
  } catch (error) {
    // It was told when it happened.
    if (interrupt.crash !== undefined) return exitCodes.host;
    if (interrupt.signal.aborted) return exitCodes.interrupted;
    const { text, exitCode } = describeFailure(error);
    tell(text);
    return exitCode;
  } finally {
    interrupt.release();
  }
}

async function boot(
  commandLine: CommandLine,
  command: readonly string[],
  tell: (line: string) => void,
  interrupt: Interrupt,
): Promise<number> {
  const { reportOnly } = commandLine.options;
  // Who names the directory needs nothing else, e.g. where a run was killed whose config does not load any more.
  if (reportOnly && commandLine.typed.has('out')) return reportAgain(commandLine.options);
  const file = commandLine.options.config ?? (await findConfig(process.cwd()));
  const config = file === undefined ? undefined : await loadConfig(file);
  const options = withConfig(commandLine, config);
  if (reportOnly) return reportAgain(options);
  // What is wrong on the command line is told before anything is installed, built or booted.
  const contract = await contractOf(options, config);
  const earlier = options.baseline === undefined ? [] : readRuns(options.baseline);
  if (!options.list) ensureUser();
  await ensureRequirements(requirementsFor(options), tell);
  if (!options.list) await checkPrivateKey(contract, options.contract ?? contract.name);
  const planned = planCells(await locateImages(options, tell, interrupt.signal));
  // Programs that looked at images were ended by the same Ctrl-C.
  interrupt.signal.throwIfAborted();
  const cells = repeatCells(filterCells(planned, options.filters), options.repeatEach);
  if (options.list) {
    process.stdout.write(
      options.json ? `${JSON.stringify(cells.map(summarize), null, 2)}\n` : listing(cells),
    );
    return exitCodes.passed;
  }
  refuseOthers(earlier, cells);
  return runSession({
    cells,
    contract,
    baseline: earlier,
    own: { scenarios: config?.scenarios ?? [], base: config?.directory ?? process.cwd() },
    budgets: config?.budgets ?? {},
    known: resolveKnown(config?.known ?? [], planned, tell),
    command,
    options,
    interrupt,
    tell,
  });
}
