/** The real command line with guests that the stub plays: each image does what its name says. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import type { Options as ExecaOptions } from 'execa';
import type { Contract } from '../scenarios/contracts/contract.ts';
import { writeHaltingDisk } from './boot-sector.ts';
import { type Summary, type World, makeWorld, readSummary, startCli } from './cli.ts';
import { bareContract } from './contract.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';

export interface StubRun {
  world: World;
  /** Paths of the images by the behaviour of their guests. */
  images: Record<string, string>;
  /** Command line and environment of the run, for whoever starts it in a way of their own. */
  args: string[];
  env: Record<string, string>;
}

/** A world with an image for each behaviour. */
export async function prepareStubRun(
  behaviours: readonly string[],
  contract: Partial<Contract> = {},
): Promise<StubRun> {
  const world = await makeWorld({ ownCache: true });
  // Numbered at both ends, since words that all names begin or end with would not be in their labels.
  const paths = behaviours.map(
    (behaviour, index) => [behaviour, join(world.path, `guest${index}-${behaviour}-${index}.img`)] as const,
  );
  for (const [, path] of paths) await writeHaltingDisk(path);
  const contractFile = join(world.path, 'contract.json');
  await writeFile(contractFile, JSON.stringify({ ...bareContract(userInfo().username), ...contract }));
  return {
    world,
    images: Object.fromEntries(paths),
    args: ['--accel', 'tcg', '--contract', contractFile, '--images', ...paths.map(([, path]) => path)],
    env: stubEnvironment(behaviours.length === 1 ? behaviours[0] : 'as-labelled'),
  };
}

/** Starts the prepared run; options as execa's. */
export function startStubRun({ world, args, env }: StubRun, options: ExecaOptions = {}) {
  return startCli(world, ['-j', '4', '--retries', '0', ...args], {
    ...options,
    env: { ...env, ...options.env },
  });
}

/** The cells of a run by what their guests do. */
export async function cellsByBehaviour({
  world,
  images,
}: StubRun): Promise<Record<string, Summary['cells'][number]>> {
  const { cells } = await readSummary(world);
  const names = Object.keys(images);
  return Object.fromEntries(
    cells.map((cell) => [names.length === 1 ? names[0] : /\.guest\d+-(.+)-\d+$/.exec(cell.id)?.[1], cell]),
  );
}
