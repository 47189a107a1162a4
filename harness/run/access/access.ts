import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../../scenarios/contracts/contract.ts';
import { openAgentShell } from '../../console/shells/agent-shell.ts';
import type { VirtualKeyboard } from '../../console/keys/keyboard.ts';
import type { PhaseTracker } from '../../console/signs/phases.ts';
import { saysWord } from '../../console/shells/serial-by-keys.ts';
import { type SerialPort, openSerialShell } from '../../console/shells/serial-shell.ts';
import type { Shell } from '../../console/shells/shell.ts';
import { waitForSshBanner } from '../../console/shells/ssh-banner.ts';
import { openSshShell } from '../../console/shells/ssh-shell.ts';
import { GuestError, HostError } from '../../errors.ts';
import type { Access, Rung } from '../../events.ts';
import type { Arch } from '../../images/image.ts';
import { canBeRoot } from '../../../scenarios/guest-script.ts';
import { neutralWord } from '../../../scenarios/screen/keys.ts';
import { type KeysAccess, longestTry, mostQuietSeconds, openSerialByKeys } from './access-by-keys.ts';
import type { AgentChannel } from './guest-agent.ts';
import { NoWayIn } from './no-way-in.ts';
import { Quiet } from '../watch/quiet.ts';
import type { Teardown } from '../teardown.ts';
import { idleFor, untilUp } from './up.ts';

/** A key, by the path of its private half, and whom it lets in. */
export interface SshKey {
  user: string;
  privateKey: string;
}

/** A proven way to run commands, and what the guest did to let us in. */
export interface WayIn {
  shell: Shell;
  /** Whom serial logged in by itself as the image ships; null if it did not, or if serial was not the way in. */
  serialAutologin: string | null;
  /** What was typed on the virtual screen to get in. */
  typed?: string;
  /** The SSH key that we put into the guest ourselves let us in. */
  byOwnKey?: true;
}

/** A way in, and the seconds that it took since the guest first showed that it lets people in, where it did. */
export interface Entry extends WayIn {
  waited?: number;
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
  /** How the machine was booted. @default shipped */
  rung?: Rung;
  /** The machine's second console, where it has one. */
  second?: SerialPort;
  /** The key that the machine was given for the guest's SSH server. */
  ownKey?: SshKey;
  /** The channel of QEMU's guest agent, where the machine has one. */
  agent?: AgentChannel;
  /** The contract promises somebody on serial, so that serial is waited for where SSH is faster. @default false */
  serialIsPromised?: boolean;
  /** Is told when the guest is surely up, what is tried from then on, and for how many seconds that may go on. */
  onUp?: (tried: Promise<unknown>, mostSeconds: number) => void;
  /** Where the SSH server on the machine's vsock is reachable, where it has one: for our own key. */
  vsock?: { host: string; port: number };
}

/**
 * How much longer serial may take once SSH works, where serial is known to speak, since it is the better witness: at most,
 * and after so many seconds in which the guest had nothing to do.
 */
const serialGraceSeconds = { most: 90, idle: 15 };
/** How much longer SSH may take as root where whoever is on serial cannot be root: checks look at what is root's. */
const rootGraceSeconds = 60;
/** The same for a key of our own where consoles were asked for: it takes part of a check away. */
const ownKeyGraceSeconds = 60;
/** How many logins are tried: the first one meets a system that is still busy coming up. */
const sshTries = 3;
/** Seconds of silence on every console after which nobody comes who answers there, once the guest is up. */
const shutSeconds = { spoke: 60, silent: 30 };
/** What all that is tried once the guest is up may take, before the keys, by keys and after them; keys have their own pace. */
const longestSeconds = longestTry.seconds + 2 * mostQuietSeconds;

/**
 * Tries every way in that the contract and the machine leave open, side by side, and answers with the first that ran a
 * command; serial is preferred while it shows that it is coming up, and keys are typed only where nothing else is left.
 * @throws NoWayIn when the guest is up and all were tried in vain. Before that it waits without bound: the caller's signal
 * carries the budget.
 */
export async function openAccess(options: AccessOptions): Promise<Entry> {
  const { port, contract, slowness, second, ownKey, rung = 'shipped' } = options;
  const quiet = new Quiet(port.transcript, ...(second === undefined ? [] : [second.transcript]));
  const ends = new AbortController();
  const signal = AbortSignal.any([options.signal, ends.signal]);
  const noKeys = new AbortController();

  const banner = waitForSshBanner({ ...options.ssh, signal });
  const ready = watchReadiness(options.phases, banner);

  const login = { login: contract.login, slowness, signal };
  const word = neutralWord();
  let typed: string | undefined;
  const onTyping = (command: string): void => {
    typed = command;
  };
  const serial = openSerialShell(port, login).then(({ shell, autologin }): WayIn => {
    const { user } = shell;
    // A shell that keys started prompts before they know of it.
    if (typed !== undefined && saysWord(port.transcript, word))
      return { shell: named(shell, 'keyboard'), serialAutologin: null, typed };
    return { shell, serialAutologin: autologin ? user : null };
  });
  const onSecond =
    second === undefined
      ? notThere
      : openSerialShell(second, login).then(({ shell }): WayIn => ({ shell, serialAutologin: null }));
  const ssh = openSsh(options, promisedKey(contract), banner, signal);
  const byOwnKey = (wayIn: WayIn): WayIn => ({ ...wayIn, byOwnKey: true });
  const ssh2 = openSsh(options, ownKey, banner, signal).then(byOwnKey);
  const vsock = openVsock(options, signal).then(byOwnKey);
  const byRoot = serial.then((wayIn) => orRoot(wayIn, ssh, { slowness, signal }));
  const agent = openAgent(options);
  Promise.any([ssh, agent]).then(
    () => noKeys.abort(new Error('there is a better way in')),
    () => {},
  );
  // Without a key of ours an SSH server is still a sign that the system is up.
  const up = promisedKey(contract) === undefined ? banner : ssh.catch(() => {});
  const keys =
    rung !== 'shipped'
      ? notThere
      : openByKeys(options, quiet, up, {
          word,
          onTyping,
          signal: AbortSignal.any([signal, noKeys.signal]),
        }).then(() => serial);
  const consoles = Promise.any([serial, onSecond]);
  const ways = [
    byRoot,
    onSecond,
    orBetter(ssh, byRoot, () => untilSerialIsLate({ ...options, signal })),
    orBetter(agent, byRoot, () => untilSerialIsLate({ ...options, signal })),
    ...[ssh2, vsock].map((way) =>
      orBetter(way, consoles, () => sleep(ownKeyGraceSeconds * slowness * 1000, undefined, { signal })),
    ),
    keys,
  ];
  const shut = untilShut({ ...options, signal }, quiet, {
    logins: [ssh, ssh2],
    quiets: [agent, vsock],
    keys,
  });
  for (const way of [...ways, consoles, shut, banner]) way.catch(() => {});
  try {
    const wayIn = await Promise.race([Promise.any(ways), shut]);
    const entry: Entry = { ...wayIn, ...ready.waited() };
    return rung === 'shipped' ? entry : { ...entry, shell: named(wayIn.shell, rung), serialAutologin: null };
  } catch (error) {
    // What serial did says most of the guest.
    throw error instanceof AggregateError ? error.errors[0] : (refusals(await outcomeOf(serial))[0] ?? error);
  } finally {
    quiet.close();
    ready.close();
    ends.abort(new Error('the way in is decided'));
  }
}

/** Notes when a guest first shows that it lets people in: by a getty's words on serial, or by its SSH server's. */
function watchReadiness(phases: PhaseTracker, banner: Promise<unknown>) {
  let since: number | undefined;
  const note = (): void => {
    since ??= performance.now();
  };
  banner.then(note, () => {});
  const look = (): void => {
    if (phases.here === 'login') note();
  };
  look();
  return {
    close: phases.onStep(look),
    waited: () => (since === undefined ? {} : { waited: (performance.now() - since) / 1000 }),
  };
}

/** A way in that this machine does not have. */
const notThere: Promise<never> = Promise.reject(
  new HostError('no-such-way', 'This machine has no such way in.'),
);
notThere.catch(() => {});

/** The same shell, told of as another way in. */
const named = (shell: Shell, access: Access): Shell => ({
  access,
  user: shell.user,
  run: shell.run.bind(shell),
});

/** A way in that works, or a better one, if that works before the grace is over. */
async function orBetter(
  way: Promise<WayIn>,
  better: Promise<WayIn>,
  grace: () => Promise<unknown>,
): Promise<WayIn> {
  const found = await way;
  return Promise.race([grace().then(() => found), better.catch(() => found)]);
}

/** Serial as a way in, or root's SSH where its user cannot be root; who was logged in there is known all the same. */
async function orRoot(
  wayIn: WayIn,
  ssh: Promise<WayIn>,
  { slowness, signal }: Pick<AccessOptions, 'slowness' | 'signal'>,
): Promise<WayIn> {
  if (await canBeRoot(wayIn.shell)) return wayIn;
  const { serialAutologin } = wayIn;
  return orBetter(
    Promise.resolve(wayIn),
    ssh.then((better) => ({ ...better, serialAutologin })),
    () => sleep(rootGraceSeconds * slowness * 1000, undefined, { signal }),
  );
}

/** Resolves when nobody comes on serial any more who answers there, once SSH is a way in. */
async function untilSerialIsLate(options: AccessOptions): Promise<void> {
  const { phases, slowness, signal, demandSeconds, serialIsPromised = false } = options;
  if (!phases.isSystemOnSerial && !serialIsPromised) return;
  const { most, idle } = serialGraceSeconds;
  await idleFor(idle * slowness, { most: most * slowness, demandSeconds, signal });
}

/** What came of this way in so far: nothing, or one outcome. */
const outcomeOf = (way: Promise<unknown>): Promise<PromiseSettledResult<unknown>[]> =>
  Promise.race([Promise.allSettled([way]), new Promise<[]>((resolve) => setImmediate(resolve, []))]);

/** Why the guest refused these ways in. */
const refusals = (outcomes: readonly PromiseSettledResult<unknown>[]): GuestError[] =>
  outcomes.flatMap((one) =>
    one.status === 'rejected' && one.reason instanceof GuestError ? [one.reason] : [],
  );

/** Rejects once the guest is up and all who could answer had the time to; never where one of them did. */
async function untilShut(
  options: AccessOptions,
  quiet: Quiet,
  {
    logins,
    quiets,
    keys,
  }: {
    logins: readonly Promise<WayIn>[];
    /** Those on which nobody says that nobody is there. */
    quiets: readonly Promise<WayIn>[];
    keys: Promise<WayIn>;
  },
): Promise<never> {
  const { port, second, phases, signal, slowness } = options;
  const sign = await untilUp(options);
  const tried = tryToTheEnd();
  if (sign === 'ssh' || phases.here === 'login')
    options.onUp?.(tried, longestSeconds * Math.max(1, slowness));
  return tried;

  async function tryToTheEnd(): Promise<never> {
    const answered = await Promise.allSettled([...(sign === 'ssh' ? logins : []), keys]);
    const speaks = phases.isSystemOnSerial || (second?.transcript.end ?? 0) > 0;
    const most = mostQuietSeconds * slowness;
    await quiet.last((speaks ? shutSeconds.spoke : shutSeconds.silent) * slowness, { most, signal });
    // Whoever starts an agent, or a server on a vsock, has had the time to.
    const outcomes = [...answered, ...(await Promise.all(quiets.map(outcomeOf))).flat()];
    if (outcomes.some(({ status }) => status === 'fulfilled')) return new Promise<never>(() => {});
    const reasons = refusals(outcomes).map(({ message }) => message);
    throw new NoWayIn(sign, ['nobody answers on serial', ...reasons], port.transcript.tail());
  }
}

/** QEMU's guest agent as a way in, where the machine has its channel and somebody in the guest opens it. */
async function openAgent({ agent, slowness, signal }: AccessOptions): Promise<WayIn> {
  if (agent === undefined) return notThere;
  await agent.opened;
  return { shell: await openAgentShell(agent.port, { slowness, signal }), serialAutologin: null };
}

/** SSH by the machine's vsock, with our own key: it needs no network of the guest, and no service of the image. */
async function openVsock(options: AccessOptions, signal: AbortSignal): Promise<WayIn> {
  const { ownKey, vsock } = options;
  if (vsock === undefined) return notThere;
  return openSsh({ ...options, ssh: vsock }, ownKey, waitForSshBanner({ ...vsock, signal }), signal);
}

/** The shell on the virtual screen as a way in: it starts another one on serial. Only for guests without a better one. */
async function openByKeys(
  options: AccessOptions,
  quiet: Quiet,
  up: Promise<unknown>,
  typing: Pick<KeysAccess, 'word' | 'onTyping' | 'signal'>,
): Promise<string> {
  const { contract, port, phases, arch, keyboard, slowness, demandSeconds } = options;
  const { screen: user } = contract.autologin;
  if (user === null) return notThere;
  return openSerialByKeys({
    up,
    phases,
    transcript: port.transcript,
    quiet,
    arch,
    keyboard,
    layout: contract.keyboard,
    user,
    demandSeconds,
    slowness,
    ...typing,
  });
}

/** The key that the contract promises to be let in, where it names its private half. */
export function promisedKey({ sshd }: Contract): SshKey | undefined {
  return sshd?.privateKey === undefined ? undefined : { user: sshd.user, privateKey: sshd.privateKey };
}

/** SSH as a way in, by a key whose private half we have. */
async function openSsh(
  options: AccessOptions,
  key: SshKey | undefined,
  banner: Promise<unknown>,
  signal: AbortSignal,
): Promise<WayIn> {
  if (key === undefined) return notThere;
  await banner;
  for (let left = sshTries; ; left--) {
    try {
      return { shell: await logIn(key, { ...options, signal }), serialAutologin: null };
    } catch (error) {
      if (left === 1 || !(error instanceof GuestError)) throw error;
      await waitForSshBanner({ ...options.ssh, signal });
    }
  }
}

/** A login by SSH that lasts as long as the machine is examined. */
export async function logIn(
  key: SshKey,
  options: Pick<AccessOptions, 'ssh' | 'scratch' | 'slowness' | 'signal' | 'teardown'>,
): Promise<Shell> {
  const { ssh, scratch, slowness, signal, teardown } = options;
  const shell = await openSshShell({ ...ssh, ...key, scratch, slowness, signal });
  teardown.add(shell.close);
  return shell;
}
