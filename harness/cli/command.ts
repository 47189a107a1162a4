import { loadContract } from '../../scenarios/contracts/load.ts';
import { checkPrivateKey } from '../../scenarios/contracts/private-key.ts';
import { planCells } from '../matrix/cells.ts';
import { filterCells } from '../matrix/filter.ts';
import { repeatCells } from '../matrix/repeat.ts';
import { summarize } from '../matrix/summary.ts';
import { forTerminal } from '../report/terminal/clean.ts';
import { ensureRequirements } from './ensure-requirements.ts';
import { ensureUser } from './ensure-user.ts';
import { exitCodes } from './exit-code.ts';
import { describeFailure } from './failure.ts';
import { Interrupt } from './interrupt.ts';
import { listing } from './listing.ts';
import { locateImages } from './locate.ts';
import { type Options, parseOptions } from './options.ts';
import { reportAgain } from './report-again.ts';
import { requirementsFor } from './requirements.ts';
import { runSession } from './session.ts';

/** The main job: finds images, boots their matrix, reports. Resolves to the exit code; what goes wrong is printed, not thrown. */
export async function main(args: readonly string[]): Promise<number> {
  // Names of files may hold what a terminal takes for commands.
  const tell = (line: string): void => void process.stderr.write(`${forTerminal(line)}\n`);
  const interrupt = new Interrupt(tell);
  // A reader that goes away (`… --list | head`) is no defect of ours.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  try {
    const options = parseOptions(args);
    if (options === null) return exitCodes.passed;
    return await boot(options, args, tell, interrupt);
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
  options: Options,
  command: readonly string[],
  tell: (line: string) => void,
  interrupt: Interrupt,
): Promise<number> {
  if (options.reportOnly) return reportAgain(options);
  // What is wrong on the command line is told before anything is installed, built or booted.
  const contractName = options.contract ?? defaultContract(options);
  const contract = await loadContract(contractName);
  if (!options.list) ensureUser();
  await ensureRequirements(requirementsFor(options), tell);
  if (!options.list) await checkPrivateKey(contract, contractName);
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
  return runSession({
    cells,
    contract,
    own: { scenarios: [], base: process.cwd() },
    command,
    options,
    interrupt,
    tell,
  });
}

/** The reference images keep a stricter contract than the one they stand in for, since we have their key. */
const defaultContract = ({ images, flakes }: Options): string =>
  images.length === 0 && flakes.length === 0 ? 'reference' : 'nixos-images';
