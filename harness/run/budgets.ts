import type { Phase } from '../events.ts';

/**
 * Seconds from entering a phase to entering the next, on the reference machine (QEMU's TCG, two cores, one vCPU):
 * some five times what the reference images take there, since running out of it ends a boot that may only be slow.
 * Multiplied by the machine's slowness and by how many machines share a core.
 */
const seconds: Record<Phase, number> = {
  firmware: 90,
  // Loading kernel and initrd by BIOS calls or TFTP is the bootloader's.
  bootloader: 150,
  kernel: 90,
  initrd: 180,
  userspace: 300,
  login: 90,
  shell: 60,
};

/** A guest that says nothing on serial: from outside its phases cannot be told apart, so one budget is for all. */
const silentSeconds = 420;

/** The phases after which a guest that goes on may stay silent on serial: its kernel was not told of the port. */
const maybeSilentAfter: ReadonlySet<Phase | null> = new Set([null, 'firmware', 'bootloader']);

/** How long a boot may stay in this phase; `null` is power-on, before anything was seen. Already scaled. */
export function phaseBudgetSeconds(phase: Phase | null, scale: number): number {
  return scale * (phase === null || maybeSilentAfter.has(phase) ? silentSeconds : seconds[phase]);
}
