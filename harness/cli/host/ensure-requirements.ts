import { execa } from 'execa';
import { HostError } from '../../errors.ts';
import type { Requirement } from '../../requirement.ts';
import { findMissing } from './find-missing.ts';

/** A machine that was just switched on updates itself, and holds apt's lock meanwhile; seconds. */
const waitForLock = ['-o', 'DPkg::Lock::Timeout=600'];

const describe = (missing: readonly Requirement[]): string =>
  missing.map(({ command, file, reason }) => `${command ?? file} (${reason})`).join(', ');

/**
 * Installs what is missing by the host's package manager, and says so in a line.
 * @param print takes each line for the person.
 * @throws HostError `requirements-missing` where we may not or cannot install; it names every package.
 */
export async function ensureRequirements(
  requirements: readonly Requirement[],
  print: (line: string) => void,
): Promise<void> {
  const missing = await findMissing(requirements);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((one) => one.package))].toSorted();
  const byHand = `apt-get install ${packages.join(' ')}`;
  const refuse = (why: string, cause?: unknown): HostError =>
    new HostError('requirements-missing', `This host lacks ${describe(missing)}; ${why}.`, {
      hint: `On Debian: ${byHand}. With Nix: nix develop.`,
      cause,
    });

  const [installer] = await findMissing([
    { command: 'apt-get', package: 'apt', reason: 'installs packages' },
  ]);
  if (installer !== undefined)
    throw refuse('only Debian and its kin can be set up here, install them yourself');
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (await findMissing([{ command: 'sudo', package: 'sudo', reason: 'root' }])).length > 0) {
    throw refuse('installing them needs root, and sudo is not there');
  }

  print(
    `Installing ${packages.join(' ')} (missing: ${missing.map(({ command, file }) => command ?? file).join(', ')})`,
  );
  const apt = async (...args: string[]): Promise<void> => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    await execa(isRoot ? 'env' : 'sudo', isRoot ? command.slice(1) : command, {
      stdin: 'inherit',
      all: true,
    });
  };
  try {
    // A fresh machine has no package lists, an old one stale ones: both make the install fail.
    await apt('update', ...waitForLock, '-qq').catch(() =>
      print('apt-get update failed; trying with the package lists that are here'),
    );
    await apt('install', ...waitForLock, '--yes', '--no-install-recommends', '-qq', ...packages);
  } catch (error) {
    const { all = '' } = error as { all?: string };
    throw refuse(`installing them failed: ${all.trim().split('\n').at(-1) ?? ''}`, error);
  }
  const still = await findMissing(requirements);
  if (still.length > 0) {
    throw new HostError(
      'requirements-missing',
      `After installing ${packages.join(' ')} this host still lacks ${describe(still)}.`,
    );
  }
}
