/**
 * `pnpm bench` runs every benchmark, `pnpm bench NAME…` those. What follows `matrix` are filters and options of `pnpm
 * test:boot`. Figures go to bench/results.json, where those of the others stay. Exit code 1: a goal was missed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { access } from './access.ts';
import { archives } from './archives.ts';
import { comparison } from './comparison.ts';
import { inventory } from './inventory.ts';
import { latency } from './latency.ts';
import { matcher } from './matcher.ts';
import { matrix } from './matrix.ts';
import { memory } from './memory.ts';
import { describeResult, isMissed, type Result } from './result.ts';
import { report } from './report.ts';
import { screen } from './screen.ts';
import { silent } from './silent.ts';
import { throughput } from './throughput.ts';
import { typing } from './typing.ts';

const benchmarks = {
  matcher,
  comparison,
  screen,
  silent,
  throughput,
  latency,
  memory,
  typing,
  report,
  access,
  inventory,
  archives,
  matrix,
};
type Name = keyof typeof benchmarks;
const isName = (word: string): word is Name => Object.hasOwn(benchmarks, word);

const words = process.argv.slice(2);
const end = words.includes('matrix') ? words.indexOf('matrix') + 1 : words.length;
const named = words.slice(0, end);
const unknown = named.find((word) => !isName(word));
if (unknown === undefined) {
  const names = named.length === 0 ? (Object.keys(benchmarks) as Name[]) : named.filter(isName);
  for (const name of names) await run(name, words.slice(end));
} else {
  process.stderr.write(
    `Expected a benchmark, one of ${Object.keys(benchmarks).join(', ')}, got ${unknown}.\n`,
  );
  process.exitCode = 2;
}

async function run(name: Name, args: readonly string[]): Promise<void> {
  const results = await benchmarks[name](args);
  for (const result of results) process.stdout.write(`${describeResult(result)}\n`);
  if (results.some((result) => isMissed(result))) process.exitCode = 1;
  keep(name, results);
}

function keep(name: Name, results: readonly Result[]): void {
  const file = join(import.meta.dirname, 'results.json');
  const others: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const kept = { ...(others as object), [name]: results };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
}
