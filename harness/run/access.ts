import type { Contract } from '../../scenarios/contracts/contract.ts';
import type { VirtualKeyboard } from '../console/keyboard.ts';
import type { PhaseTracker } from '../console/phases.ts';
import { type SerialPort, openSerialShell } from '../console/serial-shell.ts';
import type { Shell } from '../console/shell.ts';
import { openSshShell } from '../console/ssh-shell.ts';
import { waitForSshBanner } from '../console/ssh-banner.ts';
import { HostError } from '../errors.ts';
import type { Arch } from '../images/image.ts';
import { neutralWord } from '../../scenarios/screen/keys.ts';
import { openSerialByKeys } from './access-by-keys.ts';
import type { Teardown } from './teardown.ts';

/** A proven way to run commands, and what the guest did to let us in. */
export interface WayIn {
  shell: Shell;
  /** Whom serial logged in by itself; null if it did not, or if serial was not the way in. */
  serialAutologin: string | null;
  /** What was typed on the virtual screen to get in. */
  typed?: string;
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
  arch: Arch;
  keyboard: VirtualKeyboard;
  /** CPU time in seconds that QEMU took or waited for; null where the host can't tell. */
  demandSeconds: () => number | null;
}

/** How much longer serial may take once SSH works, where serial is known to speak: serial is the better witness. */
const serialGraceSeconds = 90;

/**
 * Tries every way in that the contract leaves open, side by side, and answers with the first that ran a command;
 * serial is preferred while it shows that it is coming up, and keys are typed only where nothing else is left. Waits
 * without bound: the caller's signal carries the budget.
 */
export async function openAccess(options: AccessOptions): Promise<WayIn> {
  const { port, phases, contract, slowness } = options;
  const ends = { serial: new AbortController(), ssh: new AbortController(), keyboard: new AbortController() };
  const signalOf = (access: keyof typeof ends): AbortSignal =>
    AbortSignal.any([options.signal, ends[access].signal]);

  const login = { login: contract.login, slowness, signal: signalOf('serial') };
  let typed: string | undefined;
  const serial = openSerialShell(port, login).then(({ shell, autologin }): WayIn => {
    const { user } = shell;
    if (typed === undefined) return { shell, serialAutologin: autologin ? user : null };
    const byKeys: Shell = { access: 'keyboard', user, run: shell.run.bind(shell) };
    return { shell: byKeys, serialAutologin: null, typed };
  });
  const ssh = openSsh(options, signalOf('ssh'));
  const sshAfterSerial = ssh.then(async (wayIn) => {
    if (!phases.isOnSerial('kernel')) return wayIn;
    const grace = Promise.withResolvers<WayIn>();
    const timer = setTimeout(() => grace.resolve(wayIn), serialGraceSeconds * slowness * 1000);
    return Promise.race([grace.promise, serial]).finally(() => clearTimeout(timer));
  });
  ssh.then(
    () => ends.keyboard.abort(new Error('ssh is a way in')),
    () => {},
  );
  const keys = openByKeys(options, ssh, signalOf('keyboard')).then((command) => {
    typed = command;
    return serial;
  });
  try {
    const wayIn = await Promise.any([serial, sshAfterSerial, keys]);
    const found = new Error('another way in was found');
    ends.keyboard.abort(found);
    ends[wayIn.shell.access === 'ssh' ? 'serial' : 'ssh'].abort(found);
    return wayIn;
  } catch (error) {
    // Serial's is the one that says what the guest did.
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}
/** The shell on the virtual screen as a way in: it starts another one on serial. Only for guests without a better one. */
async function openByKeys(options: AccessOptions, ssh: Promise<WayIn>, signal: AbortSignal): Promise<string> {
  const { contract, phases, port, arch, keyboard, slowness, demandSeconds } = options;
  if (contract.autologin.screen === null) {
    throw new HostError('no-screen', 'The contract promises no one who is logged in on the virtual screen.');
  }
  // Without a key of ours an SSH server is still a sign that the system is up.
  const up =
    contract.sshd?.privateKey === undefined
      ? waitForSshBanner({ ...options.ssh, signal })
      : ssh.catch(() => {});
  const { transcript } = port;
  return openSerialByKeys({
    up,
    phases,
    transcript,
    arch,
    keyboard,
    layout: contract.keyboard,
    word: neutralWord(),
    demandSeconds,
    slowness,
    signal,
  });
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
