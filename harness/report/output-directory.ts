import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { reportFiles } from './choice.ts';
import { parseEvent } from './record/read-events.ts';

/** Name of the event stream there. */
export const eventLogName = 'events.jsonl';
/** Name of what a run attests there; only a run that has finished writes it. */
export const attestationName = 'attestation.json';

/** Name of what the images were held to, there: a contract that `--contract` takes. */
export const contractName = 'contract.json';

/** An output directory that cannot be made or written to. */
export function outputUnusable(outDir: string, cause: unknown): UsageError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UsageError(
    'output-unusable',
    `Expected a directory that reports can be written to, got ${outDir}: ${why}; choose another with --out.`,
    { cause },
  );
}

/** Directory of a cell's files in a run's output directory. */
const cellDirectory = (outDir: string, cell: string): string => path.join(outDir, 'cells', cell);

/**
 * Removes what an earlier run left, so that a directory never shows a mixture of two: its reports, and the directories
 * of the cells that its event log names, and of this run's. Any other file is not ours and stays.
 */
export function clearEarlierRun(outDir: string, eventLog: string, cells: readonly string[]): void {
  mkdirSync(outDir, { recursive: true });
  for (const name of [...Object.values(reportFiles), attestationName, contractName])
    rmSync(path.join(outDir, name), { force: true });
  for (const cell of new Set([...recordedCells(eventLog), ...cells])) {
    if (isPlainName(cell)) rmSync(cellDirectory(outDir, cell), { recursive: true, force: true });
  }
}

/** Copies what a cell has left from one run's output directory into another's; it may have left nothing. */
export function copyCell(from: string, to: string, cell: string): void {
  const directory = cellDirectory(from, cell);
  if (isPlainName(cell) && existsSync(directory)) {
    cpSync(directory, cellDirectory(to, cell), { recursive: true, verbatimSymlinks: true });
  }
}

function recordedCells(eventLog: string): string[] {
  if (!existsSync(eventLog)) return [];
  return readFileSync(eventLog, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const event = parseEvent(line);
      return event?.type === 'run-started' ? event.cells.map((cell) => cell.id) : [];
    });
}

/** A recorded id is a file's content: it must not lead the removal out of `cells/`. */
const isPlainName = (name: string): boolean =>
  typeof name === 'string' && name === path.basename(name) && !['', '.', '..'].includes(name);
