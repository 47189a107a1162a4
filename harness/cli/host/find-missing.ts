import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Requirement } from '../../requirement.ts';

async function isThere(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

async function isOnPath(command: string): Promise<boolean> {
  const directories = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
  ];
  const found = await Promise.all(
    directories.filter(Boolean).map((directory) => isThere(join(directory, command), constants.X_OK)),
  );
  return found.includes(true);
}

/** The requirements that this host does not meet. */
export async function findMissing(requirements: readonly Requirement[]): Promise<Requirement[]> {
  const met = await Promise.all(
    requirements.map(async ({ command, file }) =>
      command !== undefined ? isOnPath(command) : file === undefined || isThere(file, constants.R_OK),
    ),
  );
  return requirements.filter((_, index) => !met[index]);
}
