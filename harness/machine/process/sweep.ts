import { lstat, readFile, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOwner, stateOf } from '../../owner.ts';
import { startGuardian } from './guardian.ts';
import { ownerFile, ownerVariable, scratchPrefix } from './ownership.ts';

/** What a sweep found and removed. */
export interface Swept {
  machines: number;
  directories: number;
}

/**
 * Ends and removes what runs left whose guardian was killed along with them. Only what bears our mark, is this user's,
 * and names a harness that is surely gone: what another container's harness left is that one's.
 * @param directory where scratch directories are made. @default the system's for temporary files
 */
export async function sweep(directory = tmpdir()): Promise<Swept> {
  const { machines, directories } = await findLeftovers(directory);
  for (const pid of machines) end(pid);
  await Promise.all(directories.map(async (path) => (await startGuardian(path)).release()));
  return { machines: machines.length, directories: directories.length };
}

/** What a sweep would end and remove: process ids and paths. */
export async function findLeftovers(
  directory = tmpdir(),
): Promise<{ machines: number[]; directories: string[] }> {
  return { machines: await orphans(), directories: await abandoned(directory) };
}

/** The QEMUs of harnesses that are gone; none on a host without /proc, where their terminal's end takes them along. */
async function orphans(): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ((await isOrphan(`/proc/${pid}`).catch(() => false)) ? [Number(pid)] : [])),
  );
  return found.flat();
}

async function isOrphan(directory: string): Promise<boolean> {
  if (!(await isOurs(directory))) return false;
  const mark = (await readFile(join(directory, 'environ'), 'utf8'))
    .split('\0')
    .find((variable) => variable.startsWith(`${ownerVariable}=`));
  return mark !== undefined && isGone(mark.slice(ownerVariable.length + 1));
}

/** The scratch directories of harnesses that are gone. */
async function abandoned(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith(`${scratchPrefix}-`));
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return (await isAbandoned(path).catch(() => false)) ? [path] : [];
    }),
  );
  return found.flat();
}

async function isAbandoned(path: string): Promise<boolean> {
  // A link would lead the removal elsewhere.
  if (!(await lstat(path)).isDirectory() || !(await isOurs(path))) return false;
  return isGone(await readFile(join(path, ownerFile), 'utf8'));
}

const isOurs = async (path: string): Promise<boolean> => (await stat(path)).uid === process.getuid?.();

function isGone(text: string): boolean {
  const owner = parseOwner(text);
  return owner !== undefined && stateOf(owner) === 'gone';
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
