import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { execaSync } from 'execa';

/** A process, told apart from any other that has had or will have its id. */
export interface Owner {
  pid: number;
  /** When it started, in whatever unit the host tells it. */
  started: string;
  host: string;
  /** The boot of the host; an id means nothing after the next one. */
  boot: string;
  /** The namespace that the id belongs to: a container's processes have ids of their own. */
  namespace: string;
}

/** `elsewhere`: in another container or on another host, where we cannot look. */
export type OwnerState = 'alive' | 'gone' | 'elsewhere';

/** This process. */
export function thisProcess(): Owner {
  return { pid: process.pid, started: startOf(process.pid) ?? '', ...place() };
}

/** Whether a process still runs; a zombie does not. */
export function stateOf(owner: Owner): OwnerState {
  const { host, boot, namespace } = place();
  if (owner.host !== host || owner.namespace !== namespace) return 'elsewhere';
  return owner.boot === boot && owner.started === startOf(owner.pid) ? 'alive' : 'gone';
}

/** An owner as it was written down; undefined for anything else. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, ...words } = JSON.parse(text) as Owner;
    const { started, host, boot, namespace } = words;
    const isWhole = [started, host, boot, namespace].every((word) => typeof word === 'string');
    return isWhole && Number.isSafeInteger(pid) && pid > 0
      ? { pid, started, host, boot, namespace }
      : undefined;
  } catch {
    return undefined;
  }
}

const place = (): Omit<Owner, 'pid' | 'started'> => ({
  host: hostname(),
  boot: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  namespace: read(() => readlinkSync('/proc/self/ns/pid')),
});

/** What a host without /proc does not tell. */
function read(one: () => string): string {
  try {
    return one();
  } catch {
    return '';
  }
}

/** When a process started; undefined when there is none of this id. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const { stdout } = execaSync('ps', ['-o', 'lstart=', '-p', String(pid)], { reject: false });
    return stdout.trim() || undefined;
  }
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // proc_pid_stat(5): the name in parentheses may hold anything; the state is the first field behind it, the start the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ['', 'Z', 'X'].includes(fields[0] ?? '') ? undefined : fields[19];
}
