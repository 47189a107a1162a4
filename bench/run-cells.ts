import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir } from 'tmp-promise';
import type { RunEvent } from '../harness/events.ts';
import { cliPath } from '../test/cli.ts';

/** Runs the command line with these arguments and returns what happened; throws where a cell did not pass. */
export async function runCells(args: readonly string[]): Promise<RunEvent[]> {
  const { path: out, cleanup } = await dir({ prefix: 'bm-bench', unsafeCleanup: true });
  try {
    const { exitCode } = await execa(process.execPath, [cliPath, ...args, '--out', out], {
      reject: false,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (exitCode !== 0)
      throw new Error(`the run ended with exit code ${exitCode}: a broken run is not worth measuring`);
    const lines = readFileSync(join(out, 'events.jsonl'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as RunEvent);
  } finally {
    await cleanup();
  }
}
