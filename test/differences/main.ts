/**
 * `pnpm test:differences [FILTER…] [--together] [--list] [--out DIR]`: changes one thing in copies of a reference image, boots
 * each, and says whether that thing, and nothing else, was told to differ from the sound image and across formats. Together
 * they are made in one image, for one boot.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFailure } from '../../harness/cli/failure.ts';
import { ensureRequirements } from '../../harness/cli/host/ensure-requirements.ts';
import { requirementsFor } from '../../harness/cli/host/requirements.ts';
import { UsageError } from '../../harness/errors.ts';
import { interrupted } from '../../harness/run/interrupted.ts';
import { buildReferenceImages } from '../../reference/build.ts';
import { defectRequirements } from '../defects/requirements.ts';
import { writeContract } from './boot.ts';
import { catalogue } from './catalogue.ts';
import type { Difference } from './difference.ts';
import { judge } from './judge.ts';
import { type Place, soundCells } from './sound.ts';
import { tryDifference } from './try.ts';
import { selectNamed } from '../select-named.ts';

const usage = 'pnpm test:differences [FILTER…] [--together] [--list] [--out DIR]';

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        list: { type: 'boolean', default: false },
        together: { type: 'boolean', default: false },
        out: { type: 'string', default: 'reports/differences' },
      },
    });
  } catch (error) {
    throw new UsageError('bad-usage', `${usage}: ${(error as Error).message.split('. ', 1)[0]}.`);
  }
}

/** All of them in one image. */
const together = (all: readonly Difference[]): Difference => ({
  name: 'together',
  what: all.map(({ name }) => name).join(', '),
  edits: { root: all.flatMap(({ edits }) => edits.root ?? []) },
  told: all.flatMap(({ told }) => told),
});

async function main(): Promise<number> {
  const { values, positionals } = parse();
  const selected = selectNamed(catalogue, positionals, 'difference');
  const chosen = values.together ? [together(selected)] : selected;
  if (values.list) {
    for (const { name, what } of chosen) console.log(`${name.padEnd(20)} ${what}`);
    return 0;
  }
  await ensureRequirements(
    [...requirementsFor({ images: [], flakes: [], list: false }), ...defectRequirements],
    (line) => console.log(line),
  );
  const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => interrupt.abort(interrupted()));
  const out = resolve(values.out);
  await mkdir(out, { recursive: true });
  const place: Place = {
    reference: directory,
    contract: join(out, 'contract.json'),
    sound: join(out, 'sound'),
    signal: interrupt.signal,
  };
  await writeContract(place.contract);
  const sound = await soundCells(place);
  let found = 0;
  for (const difference of chosen) {
    const problems = await tried(difference, { sound, place, out: join(out, difference.name) });
    interrupt.signal.throwIfAborted();
    if (problems.length === 0) found++;
    console.log(
      [`${problems.length === 0 ? 'found ' : 'WRONG '} ${difference.name}`, ...problems].join('\n  '),
    );
  }
  console.log(`found ${found} of ${chosen.length}`);
  return found === chosen.length ? 0 : 1;
}

/** One that could not be made or run was not found either; the others go on. */
const tried = async (
  difference: Difference,
  options: Parameters<typeof tryDifference>[1],
): Promise<string[]> =>
  tryDifference(difference, options).then(
    (outcome) => judge(difference, outcome),
    (error: unknown) => [`it was not tried: ${describeFailure(error).text}`],
  );

try {
  process.exitCode = await main();
} catch (error) {
  const { text, exitCode } = describeFailure(error);
  console.error(text);
  process.exitCode = exitCode;
}
