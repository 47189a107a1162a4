import { readFile, readdir, readlink } from 'node:fs/promises';
import { HostError } from '../../errors.ts';

/** A line of /proc/net/tcp for a socket that listens on 127.0.0.1, in either byte order: port and inode (proc_net(5)). */
const listener = /^ *\d+: (?:0100007F|7F000001):([0-9A-F]{4}) +\S+ +0A +(?:\S+ +){5}(\d+) /gm;

/**
 * Proves that it is this process that listens on a port of 127.0.0.1, and no other: a machine that an earlier run left,
 * or anybody else's server, must not answer for the guest. Says nothing on a host without /proc.
 * @throws HostError `port-not-ours`
 */
export async function provePortOwner(pid: number, port: number): Promise<void> {
  const sockets = await socketsOf(pid);
  if (sockets === null) return;
  const table = await readFile(`/proc/${pid}/net/tcp`, 'utf8').catch(() => null);
  if (table === null) return;
  const inodes = [...table.matchAll(listener)]
    .filter(([, hex = '']) => Number.parseInt(hex, 16) === port)
    .map(([, , inode = '']) => inode);
  if (inodes.length > 0 && inodes.every((inode) => sockets.has(inode))) return;
  const who = inodes.length === 0 ? 'nobody' : 'another process';
  throw new HostError(
    'port-not-ours',
    `${who} listens on 127.0.0.1:${port}, which is to lead to this machine: what answers there is not this guest`,
    { hint: `See what holds that port: ss -tlnp 'sport = :${port}'`, transient: true },
  );
}

/** The inodes of a process's sockets; null when it is gone, or the host does not tell. */
async function socketsOf(pid: number): Promise<Set<string> | null> {
  try {
    const directory = `/proc/${pid}/fd`;
    const names = await readdir(directory);
    // What is closed meanwhile is no socket.
    const targets = await Promise.all(names.map((fd) => readlink(`${directory}/${fd}`).catch(() => '')));
    return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  } catch {
    return null;
  }
}
