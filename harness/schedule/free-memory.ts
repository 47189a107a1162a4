import { readdirSync, readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** Memory that is free for machines of ours. */
export interface FreeMemory {
  /** Bytes that processes of ours may still take. */
  bytes: number;
  /** The limit of the control group that leaves no more, in bytes; absent where the host itself has no more. */
  limit?: number;
}

/** Where the kernel tells of control groups; others than its own places are for tests. */
export interface CgroupFiles {
  /** Which groups this process is in, see cgroups(7). @default /proc/self/cgroup */
  membership: string;
  /** Where their hierarchies are mounted. @default /sys/fs/cgroup */
  mount: string;
}

const kernel: CgroupFiles = { membership: '/proc/self/cgroup', mount: '/sys/fs/cgroup' };

/** The names of one version's files; Linux Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst. */
interface Version {
  /** Of the hierarchy's line in the membership: its controllers. */
  controllers: string;
  directory: string;
  limits: readonly string[];
  usage: string;
  cache: readonly string[];
}

const versions: readonly Version[] = [
  {
    controllers: '',
    directory: '.',
    limits: ['memory.max', 'memory.high'],
    usage: 'memory.current',
    cache: ['inactive_file', 'active_file'],
  },
  {
    controllers: 'memory',
    directory: 'memory',
    limits: ['memory.limit_in_bytes'],
    usage: 'memory.usage_in_bytes',
    cache: ['total_inactive_file', 'total_active_file'],
  },
];

/**
 * What is free now: of the host, and within each control group around this process, nested ones and both versions
 * included. A group counts what it has read from disks as used, and the kernel gives that back on demand: an image of
 * some GB that was just read would fill a container for whoever trusts `process.availableMemory()`.
 */
export function freeMemory(files: CgroupFiles = kernel, free = freemem()): FreeMemory {
  return groups(files)
    .flatMap(({ version, directory }) => leftIn(version, directory) ?? [])
    .reduce<FreeMemory>((least, one) => (one.bytes < least.bytes ? one : least), { bytes: free });
}

/** The directories of all groups that this process is in, from the hierarchy's root down. */
function groups({ membership, mount }: CgroupFiles): { version: Version; directory: string }[] {
  const lines = readText(membership).split('\n');
  return versions.flatMap((version) => {
    const root = join(mount, version.directory);
    const line = lines.find((one) => one.split(':')[1] === version.controllers);
    if (line === undefined) return [];
    // In a container the path may be the host's, of which nothing is there but the container's own, as the root.
    const parts = line.split(':').slice(2).join(':').split('/').filter(Boolean);
    const below = parts.includes('..') ? [] : parts;
    return [root, ...below.map((_, index) => join(root, ...below.slice(0, index + 1)))].map((directory) => ({
      version,
      directory,
    }));
  });
}

/** What a group has left; null where it has no limit, or is not there. */
function leftIn({ limits, usage, cache }: Version, directory: string): Required<FreeMemory> | null {
  const limit = Math.min(...limits.map((name) => readNumber(join(directory, name))));
  const used = readNumber(join(directory, usage));
  if (!Number.isFinite(limit) || !Number.isFinite(used)) return null;
  const stat = readText(join(directory, 'memory.stat'));
  const reclaimable = cache.reduce(
    (sum, name) => sum + Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0),
    0,
  );
  return { bytes: Math.max(0, limit - Math.max(0, used - reclaimable)), limit };
}

/** Infinity for `max`, and for a file that is not there. */
function readNumber(path: string): number {
  const text = readText(path).trim();
  return /^\d+$/.test(text) ? Number(text) : Infinity;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Bytes of memory that the processes which this one started hold by themselves: a machine's is nearly all of its QEMU's.
 * 0 where the host does not tell.
 */
export function childrenMemory(): number {
  const tasks = '/proc/self/task';
  try {
    const pids = readdirSync(tasks).flatMap((task) =>
      readText(`${tasks}/${task}/children`).split(' ').filter(Boolean),
    );
    return pids.reduce((sum, pid) => sum + ownMemory(pid), 0);
  } catch {
    return 0;
  }
}

/** Not what is mapped of files: programs and libraries, which all share. Source: proc_pid_status(5). */
function ownMemory(pid: string): number {
  const found = readText(`/proc/${pid}/status`).matchAll(/^Rss(?:Anon|Shmem):\s*(\d+) kB$/gm);
  return Array.from(found, ([, kilobytes]) => Number(kilobytes) * 1024).reduce((sum, one) => sum + one, 0);
}
