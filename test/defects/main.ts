/**
 * `pnpm test:defects [FILTER…] [-j N] [--list] [--out DIR]`: breaks copies of the reference images, one defect each, runs
 * the real command line over them, and says which were caught in the right place for the right reason.
 */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { ensureRequirements } from '../../harness/cli/host/ensure-requirements.ts';
import { describeFailure } from '../../harness/cli/failure.ts';
import { requirementsFor } from '../../harness/cli/host/requirements.ts';
import { UsageError } from '../../harness/errors.ts';
import { interrupted } from '../../harness/run/interrupted.ts';
import { buildReferenceImages } from '../../reference/build.ts';
import { catalogue } from './catalogue/index.ts';
import type { Defect } from './defect.ts';
import { type Judgement, judge } from './judge.ts';
import { defectRequirements } from './requirements.ts';
import { tryDefect } from './try.ts';
import { selectNamed } from '../select-named.ts';

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        jobs: { type: 'string', short: 'j', default: String(availableParallelism()) },
        list: { type: 'boolean', default: false },
        out: { type: 'string', default: 'reports/defects' },
      },
    });
  } catch (error) {
    throw new UsageError(
      'bad-usage',
      `pnpm test:defects [FILTER…] [-j N] [--list] [--out DIR]: ${(error as Error).message.split('. ', 1)[0]}.`,
    );
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parse();
  const defects = selectNamed(catalogue, positionals, 'defect');
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new UsageError(
      'bad-jobs',
      `-j takes how many defects run at once, 1 or more; got '${values.jobs}'.`,
    );
  }
  if (values.list) {
    for (const { name, cell, what } of defects) console.log(`${name.padEnd(30)} ${cell.padEnd(32)} ${what}`);
    return 0;
  }
  await ensureRequirements(
    [...requirementsFor({ images: [], flakes: [], list: false }), ...defectRequirements],
    (line) => console.log(line),
  );
  const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
  const counts: Record<Judgement['result'], number> = { caught: 0, missed: 0, misplaced: 0 };
  const interrupt = new AbortController();
  // Not `once`: execa would then take itself for the only one who listens, and end us before the machines have.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => interrupt.abort(interrupted()));
  const limit = pLimit(jobs);
  await Promise.all(
    defects.map((defect) =>
      limit(async () => {
        interrupt.signal.throwIfAborted();
        const began = performance.now();
        const out = join(resolve(values.out), defect.name);
        const judgement = await tryDefect(defect, {
          reference: directory,
          out,
          signal: interrupt.signal,
        }).then((outcome) => judge(defect, outcome), notTried);
        interrupt.signal.throwIfAborted();
        counts[judgement.result]++;
        console.log(describe(defect, judgement, (performance.now() - began) / 1000));
      }),
    ),
  );
  const { caught, missed, misplaced } = counts;
  console.log(`caught ${caught} of ${defects.length}, missed ${missed}, misplaced ${misplaced}`);
  return caught === defects.length ? 0 : 1;
}

/** One that could not be made or run was not found either; the others go on. */
const notTried = (error: unknown): Judgement => ({
  result: 'missed',
  got: `it was not tried: ${describeFailure(error).text}`,
});

function describe({ name, expect }: Defect, judgement: Judgement, seconds: number): string {
  const line = `${judgement.result.padEnd(9)} ${name} (${seconds.toFixed(0)} s)`;
  if (judgement.result === 'caught') return line;
  return `${line}\n  expected ${expectation(expect)}\n  got      ${judgement.got}`;
}

function expectation(expect: Defect['expect']): string {
  if ('refused' in expect) return `exit code 2: ${expect.refused}`;
  if ('opened' in expect) return `exit code 2, once it was opened: ${expect.opened}`;
  if ('phase' in expect) return `exit code 1: failed in ${expect.phase}: ${expect.reason}`;
  return `exit code 1: ${Object.entries(expect.checks)
    .map(([name, reason]) => `${name} failed: ${reason}`)
    .join('; ')}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { text, exitCode } = describeFailure(error);
  console.error(text);
  process.exitCode = exitCode;
}
