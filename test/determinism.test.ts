import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type World, readEventLog, readSummary } from './cli.ts';
import { prepareStubRun, startStubRun } from './stub-run.ts';

/** A report without what time and chance make of it: times, and the word that tells each machine from any other. */
const withoutTimes = (report: string): string =>
  report
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/"(\w*[sS]econds|at)": [\d.]+/g, '"$1": <n>')
    .replaceAll(/ time="[\d.]+"/g, ' time="<n>"')
    .replaceAll(/name="seconds\.(\w+)" value="[\d.]+"/g, 'name="seconds.$1" value="<n>"')
    .replaceAll(/\b\d+\.\d s\b/g, '<n> s');

const readReports = async ({ out }: World): Promise<string[]> =>
  Promise.all(
    ['summary.json', 'junit.xml'].map(async (name) => withoutTimes(await readFile(join(out, name), 'utf8'))),
  );

test('the same input gives the same reports apart from times', async () => {
  const run = await prepareStubRun(['boots', 'panics', 'crashes-then-boots', 'dies', 'powers-off']);
  await using world = run.world;
  run.args.push('--retries', '2', '--seed', '7', '--repeat-each', '2');
  const first = await startStubRun(run);
  const reports = await readReports(world);
  // What earlier boots took is an input, too.
  await rm(join(world.path, 'cache/boot-matrix/boots.json'));
  const second = await startStubRun(run);
  expect(second.exitCode).toBe(first.exitCode);
  expect(await readReports(world)).toEqual(reports);
  expect((await readSummary(world)).cells).toHaveLength(10);
});

test('a seed fixes the order in which cells begin, whatever was seen before', async () => {
  const run = await prepareStubRun(['dies', 'panics', 'powers-off', 'exits']);
  await using world = run.world;
  const orderOf = async (seed: number): Promise<string[]> => {
    await startStubRun({ ...run, args: [...run.args, '-j', '1', '--seed', String(seed)] });
    const begun = (await readEventLog(world)).filter((event) => event.type === 'cell-started');
    return begun.map(({ cell }) => cell);
  };
  const order = await orderOf(3);
  expect(order).toHaveLength(4);
  // The second run knows how long each took.
  expect(await orderOf(3)).toEqual(order);
  expect(order).not.toEqual(order.toSorted());
});

test('--repeat-each: a cell each, told apart in every report', async () => {
  const run = await prepareStubRun(['panics']);
  await using world = run.world;
  run.args.push('--repeat-each', '3');
  await startStubRun(run);
  const { cells } = await readSummary(world);
  expect(cells.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['raw.x86_64.bios.disk', 'failed'],
    ['raw.x86_64.bios.disk.repeat-2', 'failed'],
    ['raw.x86_64.bios.disk.repeat-3', 'failed'],
  ]);
  for (const { id } of cells) await readFile(join(world.out, 'cells', id, 'serial.log'));
});
