import type { Contract } from '../../scenarios/contracts/contract.ts';
import type { PhaseTracker } from '../console/phases.ts';
import { type SerialPort, openSerialShell } from '../console/serial-shell.ts';
import type { Shell } from '../console/shell.ts';
import { openSshShell } from '../console/ssh-shell.ts';
import { waitForSshBanner } from '../console/ssh-banner.ts';
import { HostError } from '../errors.ts';
import type { Teardown } from './teardown.ts';

/** A proven way to run commands, and what the guest did to let us in. */
export interface WayIn {
  shell: Shell;
  /** Whom serial logged in by itself; null if it did not, or if serial was not the way in. */
  serialAutologin: string | null;
}

export interface AccessOptions {
  port: SerialPort;
  phases: PhaseTracker;
  contract: Contract;
  ssh: { host: string; port: number };
  scratch: string;
  slowness: number;
  /** Ends all attempts, and what the way in needs to stay open. */
  signal: AbortSignal;
  /** Takes what closes the way in. */
  teardown: Teardown;
}

/** How much longer serial may take once SSH works, where serial is known to speak: serial is the better witness. */
const serialGraceSeconds = 90;

/**
 * Tries every way in that the contract leaves open, side by side, and answers with the first that ran a command;
 * serial is preferred while it shows that it is coming up. Waits without bound: the caller's signal carries the budget.
 */
export async function openAccess(options: AccessOptions): Promise<WayIn> {
  const { port, phases, contract, slowness } = options;
  const ends = { serial: new AbortController(), ssh: new AbortController() };
  const signalOf = (access: keyof typeof ends): AbortSignal =>
    AbortSignal.any([options.signal, ends[access].signal]);

  const login = { login: contract.login, slowness, signal: signalOf('serial') };
  const serial = openSerialShell(port, login).then(({ shell, autologin }): WayIn => ({
    shell,
    serialAutologin: autologin ? shell.user : null,
  }));
  const ssh = openSsh(options, signalOf('ssh')).then(async (wayIn) => {
    if (!phases.isOnSerial('kernel')) return wayIn;
    const grace = Promise.withResolvers<WayIn>();
    const timer = setTimeout(() => grace.resolve(wayIn), serialGraceSeconds * slowness * 1000);
    return Promise.race([grace.promise, serial]).finally(() => clearTimeout(timer));
  });
  try {
    const wayIn = await Promise.any([serial, ssh]);
    ends[wayIn.shell.access === 'ssh' ? 'serial' : 'ssh'].abort(new Error('another way in was found'));
    return wayIn;
  } catch (error) {
    // Serial's is the one that says what the guest did.
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

/** SSH as a way in, by the key whose private half we have. */
async function openSsh(options: AccessOptions, signal: AbortSignal): Promise<WayIn> {
  const { contract, ssh, scratch, slowness, teardown } = options;
  if (contract.sshd?.privateKey === undefined) {
    throw new HostError('no-key', 'The contract names no private key to log in with.');
  }
  await waitForSshBanner({ ...ssh, signal });
  const { user, privateKey } = contract.sshd;
  const shell = await openSshShell({ ...ssh, user, privateKey, scratch, slowness, signal });
  teardown.add(shell.close);
  return { shell, serialAutologin: null };
}
