import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWorld, readEventLog, startCli, type World } from '../test/cli.ts';
import { bareContract } from '../test/contract.ts';
import type { RunEvent } from '../harness/events.ts';

/** A place for the runs of one benchmark, with a cache of its own. */
export async function benchWorld(): Promise<World & { contract: string }> {
  const world = await makeWorld({ ownCache: true });
  const file = join(world.path, 'contract.json');
  await writeFile(file, JSON.stringify(bareContract()));
  return { ...world, contract: file };
}

/** Runs the real command line on real QEMUs. All its guests panic: anything else is no measurement. */
export async function runLive(
  world: World & { contract: string },
  images: readonly string[],
  jobs: number,
  watch: (pid: number) => void = () => {},
): Promise<RunEvent[]> {
  const options = ['--accel', 'tcg', '--contract', world.contract, '-j', String(jobs)];
  const run = startCli(world, [...options, '--images', ...images]);
  if (run.pid !== undefined) watch(run.pid);
  const { exitCode, stderr } = await run;
  const events = await readEventLog(world);
  const finished = events.filter((event) => event.type === 'cell-finished');
  const panicked = finished.filter(({ reason }) => reason.includes('the benchmark is over'));
  if (exitCode !== 1 || panicked.length !== images.length) {
    const why = finished.find((cell) => !panicked.includes(cell))?.reason ?? stderr;
    throw new Error(`expected ${images.length} guests that panic, got ${panicked.length}: ${String(why)}`);
  }
  return events;
}

/** Where a cell's serial log is. */
export function serialLogOf(world: World, events: readonly RunEvent[], cell: string): string {
  const log = events.find(
    (event) => event.type === 'attachment' && event.cell === cell && event.name === 'serial log',
  );
  if (log?.type !== 'attachment') throw new Error(`${cell} has no serial log`);
  return join(world.out, log.path);
}
