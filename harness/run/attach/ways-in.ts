import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { login, ownPrivateKey } from '../../console/shells/ssh.ts';
import type { Machine } from '../../machine/machine.ts';
import { openScreen } from '../../machine/sockets/screen.ts';
import { quote } from '../../shell-quote.ts';
import type { SshKey } from '../access/ways/way.ts';

/** How long a login may take to show that the key is let in; more than that nobody waits for who wants to get in. */
const loginSeconds = 10;

/** A machine that is up. */
export interface Attachable {
  cell: string;
  machine: Machine;
  /** The keys of the run that the guest may let in. */
  keys: readonly SshKey[];
  /** The machine's own directory, which only its owner can enter. */
  scratch: string;
  /** Multiplies the time that a login may take. */
  slowness: number;
}

/**
 * Opens what a person gets into a machine by, beside its console and its monitor, and tells of it in lines for a shell.
 * A way that does not work is left out.
 */
export async function openWaysIn(one: Attachable): Promise<string[]> {
  const ways = await Promise.all([screenLine(one), ...one.keys.map((key) => sshLine(one, key))]);
  return ways.flatMap((line) => line ?? []);
}

async function screenLine({ machine, scratch }: Attachable): Promise<string | null> {
  try {
    const { port, password } = await openScreen(machine);
    // In a file that only its owner reads: reports are for everybody.
    const file = join(scratch, 'vnc-password');
    await writeFile(file, password, { mode: 0o600 });
    return `VNC_PASSWORD=$(cat ${quote(file)}) vncviewer 127.0.0.1::${port}`;
  } catch {
    return null;
  }
}

async function sshLine(one: Attachable, { user, privateKey }: SshKey): Promise<string | null> {
  const { machine, scratch, slowness } = one;
  const giveUp = new AbortController();
  try {
    const timeoutMs = loginSeconds * slowness * 1000;
    const port = await machine.hostPort(22);
    const key = await ownPrivateKey(privateKey, scratch);
    const target = { host: '127.0.0.1', port, user, scratch, signal: giveUp.signal };
    const tried = login(target, { by: 'key', privateKey: key }, 'true', timeoutMs);
    const result = await Promise.race([tried, machine.exited.then(() => null)]);
    return result?.outcome === 'let-in' ? sshCommand({ key, port, user }) : null;
  } catch {
    return null;
  } finally {
    giveUp.abort();
  }
}

/** Nothing of the person's own configuration, keys, agent and known hosts takes part. */
function sshCommand({ key, port, user }: { key: string; port: number; user: string }): string {
  const settings = {
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
  };
  const options = Object.entries(settings).map(([name, value]) => `-o ${name}=${value}`);
  return ['ssh -F none', ...options, `-i ${quote(key)} -p ${port} ${quote(`${user}@127.0.0.1`)}`].join(' ');
}
