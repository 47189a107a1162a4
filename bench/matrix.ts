import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir } from 'tmp-promise';
import type { RunEvent } from '../harness/events.ts';
import { cliPath } from '../test/cli.ts';
import { costOf } from './cost.ts';
import type { Result } from './result.ts';

/** Runs the reference matrix once, or what `args` (of `pnpm test:boot`) say, and tells what it cost. */
export async function matrix(args: readonly string[]): Promise<Result[]> {
  const { path: out, cleanup } = await dir({ prefix: 'bm-bench', unsafeCleanup: true });
  try {
    const { exitCode } = await execa(process.execPath, [cliPath, ...args, '--out', out], {
      reject: false,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (exitCode !== 0)
      throw new Error(`the matrix ended with exit code ${exitCode}: a broken run is not worth measuring`);
    const lines = readFileSync(join(out, 'events.jsonl'), 'utf8').trim().split('\n');
    return costOf(lines.map((line) => JSON.parse(line) as RunEvent));
  } finally {
    await cleanup();
  }
}
