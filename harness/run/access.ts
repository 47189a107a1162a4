import type { Contract } from '../../scenarios/contracts/contract.ts';
import type { PhaseTracker } from '../console/phases.ts';
import { type SerialPort, openSerialShell } from '../console/serial-shell.ts';
import type { Shell } from '../console/shell.ts';
import { openSshShell } from '../console/ssh-shell.ts';
import { waitForSshBanner } from '../console/ssh-banner.ts';

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
  /** Takes what closes the way in, to be called before the machine ends. */
  onClose: (close: () => Promise<void>) => void;
}

/** How much longer serial may take once SSH works, where serial is known to speak: serial is the better witness. */
const serialGraceSeconds = 90;

/**
 * Tries every way in that the contract leaves open, side by side, and answers with the first that ran a command;
 * serial is preferred while it shows that it is coming up. Waits without bound: the caller's signal carries the budget.
 */
export async function openAccess(options: AccessOptions): Promise<WayIn> {
  const { port, phases, contract, slowness } = options;
  const losers = new AbortController();
  const signal = AbortSignal.any([options.signal, losers.signal]);

  const serial = openSerialShell(port, { login: contract.login, slowness, signal }).then(
    ({ shell, autologin }): WayIn => ({ shell, serialAutologin: autologin ? shell.user : null }),
  );
  const outside = openSsh(options, signal).then(async (wayIn) => {
    if (!phases.isOnSerial('kernel')) return wayIn;
    const grace = Promise.withResolvers<WayIn>();
    const timer = setTimeout(() => grace.resolve(wayIn), serialGraceSeconds * slowness * 1000);
    return Promise.race([grace.promise, serial]).finally(() => clearTimeout(timer));
  });
  try {
    return await Promise.any([serial, outside]);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    losers.abort(new Error('another way in was found'));
  }
}

/** SSH as a way in, by the key whose private half we have; never resolves where the contract gives none. */
async function openSsh(options: AccessOptions, signal: AbortSignal): Promise<WayIn> {
  const { contract, ssh, scratch, slowness, onClose } = options;
  if (contract.sshd?.privateKey === undefined) return new Promise(() => {});
  await waitForSshBanner({ ...ssh, signal });
  const { user, privateKey } = contract.sshd;
  const shell = await openSshShell({ ...ssh, user, privateKey, scratch, slowness, signal });
  onClose(shell.close);
  return { shell, serialAutologin: null };
}
