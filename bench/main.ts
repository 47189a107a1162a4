/**
 * `pnpm bench [FILTER…] [options of test:boot]`: runs the matrix once and tells what it cost, as ratios of figures of that
 * same run. Results go to bench/results.json too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir } from 'tmp-promise';
import type { RunEvent } from '../harness/events.ts';
import { measure } from './measure.ts';

const root = join(import.meta.dirname, '..');
const { path: out, cleanup } = await dir({ prefix: 'bm-bench', unsafeCleanup: true });
try {
  const main = join(root, 'harness/cli/main.ts');
  const { exitCode } = await execa(process.execPath, [main, ...process.argv.slice(2), '--out', out], {
    reject: false,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (exitCode !== 0) {
    process.stderr.write(
      `The matrix ended with exit code ${exitCode}: a broken run is not worth measuring.\n`,
    );
    process.exitCode = exitCode ?? 3;
  } else {
    const lines = readFileSync(join(out, 'events.jsonl'), 'utf8').trim().split('\n');
    const results = measure(lines.map((line) => JSON.parse(line) as RunEvent));
    for (const { name, ratio, goal, of } of results) {
      process.stdout.write(`${name}: ${ratio.toFixed(3)} (goal: below ${goal}) = ${of}\n`);
    }
    writeFileSync(join(root, 'bench/results.json'), `${JSON.stringify(results, null, 2)}\n`);
  }
} finally {
  await cleanup();
}
