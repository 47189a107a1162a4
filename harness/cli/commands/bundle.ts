import { copyFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { dir } from 'tmp-promise';
import { UsageError } from '../../errors.ts';
import type { CellSummary } from '../../events.ts';
import { cellsOf } from '../../matrix/filter.ts';
import { cellEvents } from '../../report/bundle/cell-events.ts';
import { packDirectory } from '../../report/bundle/pack.ts';
import { refuseOthers } from '../../report/claim.ts';
import { contractName, copyCell, eventLogName } from '../../report/output-directory.ts';
import { fold } from '../../report/record/fold.ts';
import { readEvents } from '../../report/record/read-events.ts';
import { lineForTerminal } from '../../report/terminal/clean.ts';
import { writeReports } from '../../report/write.ts';
import { commandName } from '../called.ts';
import { exitCodes } from '../exit-code.ts';
import { valueOf } from '../options/option-values.ts';
import { readCommandLine } from '../options/read.ts';
import type { Run } from './command.ts';

/**
 * Packs what another person needs to understand one cell: its files, the reports of it alone, and the contract. The image
 * is not in it; its digest is.
 */
export const bundle: Run = async (args) => {
  const program = new Command(`${commandName} bundle`)
    .description(
      'Packs all of one cell into a file for somebody else: its report, its files and the contract.',
    )
    .argument('<CELL>', 'its id, or a part that no other has')
    .option('--out <DIR>', 'where the reports are', valueOf('--out', 'the path of a directory'), 'reports')
    .option('--to <FILE>', 'the archive (default: CELL.tar.gz)', valueOf('--to', 'the path of a file'));
  if (!readCommandLine(program, args)) return exitCodes.passed;
  const [wanted = ''] = program.args;
  const options = program.opts<{ out: string; to?: string }>();
  const out = resolve(options.out);
  refuseOthers(out);
  const events = readEvents(join(out, eventLogName));
  const cells = events.flatMap((event) => (event.type === 'run-started' ? event.cells : []));
  const { id, image } = oneOf(cells, wanted);
  const to = resolve(options.to ?? `${id}.tar.gz`);
  await using scratch = await temporaryDirectory();
  copyCell(out, scratch.path, id);
  const own = cellEvents(events, id);
  writeFileSync(join(scratch.path, eventLogName), own.map((event) => `${JSON.stringify(event)}\n`).join(''));
  writeReports(fold(own), scratch.path);
  if (existsSync(join(out, contractName)))
    copyFileSync(join(out, contractName), join(scratch.path, contractName));
  await packDirectory(scratch.path, id, to);
  const size = `${Math.ceil(statSync(to).size / 1024)} KiB`;
  process.stdout.write(`${lineForTerminal(`${to}: ${size}, without the image ${image}`)}\n`);
  return exitCodes.passed;
};

/** @throws UsageError `unknown-cell` where none or several are meant */
function oneOf(cells: readonly CellSummary[], wanted: string): CellSummary {
  const found = cellsOf(cells, wanted);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const got = found.length === 0 ? 'which is none' : `which names ${found.map(({ id }) => id).join(', ')}`;
  const choice = found.length === 0 ? cells : found;
  throw new UsageError(
    'unknown-cell',
    `Expected one cell of the run, got '${wanted}', ${got}; name one of ${choice.map(({ id }) => id).join(', ')}.`,
  );
}

async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const { path, cleanup } = await dir({ prefix: 'bundle', unsafeCleanup: true });
  return { path, [Symbol.asyncDispose]: cleanup };
}
