import type { Phase } from '../events.ts';

/** What a phase may take. */
interface Budget {
  /** Seconds of work on the reference machine (QEMU's TCG, two cores, one vCPU). */
  work: number;
  /** Seconds that guests wait in it by the clock, however fast they are: device time-outs, the network, menus. */
  waits: number;
}

/** Until its kernel speaks a guest may stay silent on serial to the end: its phases cannot be told apart from outside. */
const silent: Budget = { work: 230, waits: 190 };

/**
 * From entering a phase to entering the next. The work is some five times what the reference images take, since running
 * out of it ends a boot that may only be slow; the waits are systemd's: 90 s for a device, 120 s for the network.
 */
const budgets: Record<Phase, Budget> = {
  firmware: silent,
  bootloader: silent,
  kernel: { work: 80, waits: 10 },
  initrd: { work: 80, waits: 100 },
  userspace: { work: 170, waits: 130 },
  // A guest that lets nobody in is known for one once it has been idle for half a minute.
  login: { work: 80, waits: 60 },
  shell: { work: 60, waits: 0 },
};

/**
 * A guest that shows no progress at all for so long, on serial, disk or screen, waits for nothing that comes: it is longer
 * than any of systemd's time-outs. The phase does not matter, since a kernel may be silent to the end of its boot.
 */
const still: Budget = { work: 50, waits: 150 };

/** Seconds that a config gives to a phase, or to going down, in place of ours; never less on a machine that is faster. */
export type OwnBudgets = Readonly<Partial<Record<Exclude<Phase, 'shell'> | 'goingDown', number>>>;

const ownSeconds = (own: OwnBudgets, what: Phase | 'goingDown', scale: number): number | undefined => {
  const given = what === 'shell' ? undefined : own[what];
  return given === undefined ? undefined : given * Math.max(1, scale);
};

const seconds = ({ work, waits }: Budget, scale: number): number => work * scale + waits * Math.max(1, scale);

/**
 * How many seconds a boot may stay in this phase.
 * @param scale the machine's slowness times the machines that share a core
 * @param isSeen whether the phase was seen on serial, where the next will be seen too
 */
export function phaseBudgetSeconds(phase: Phase, scale: number, isSeen = true, own: OwnBudgets = {}): number {
  const given = ownSeconds(own, phase, scale);
  if (isSeen) return given ?? seconds(budgets[phase], scale);
  return Math.max(seconds(silent, scale), given ?? 0);
}

/** How many seconds a boot may show no progress; as many as a config gives to the phase, where that is more. */
export const stillBudgetSeconds = (scale: number, phase: Phase = 'shell', own: OwnBudgets = {}): number =>
  Math.max(seconds(still, scale), ownSeconds(own, phase, scale) ?? 0);

/**
 * How many seconds a machine that was asked to go down may take: some three times what the reference images take, and
 * a wait by the clock. Together less than the 90 s after which systemd kills what does not end, on a host that is no
 * slower than twice the reference machine: an image that goes down only so is not one that goes down.
 */
export const goingDownBudgetSeconds = (scale: number, own: OwnBudgets = {}): number =>
  ownSeconds(own, 'goingDown', scale) ?? 20 * scale + 40;
