import type { Phase } from '../events.ts';

/** Until its kernel speaks a guest may stay silent on serial to the end: its phases cannot be told apart from outside. */
const silentSeconds = 420;

/**
 * Seconds from entering a phase to entering the next, on the reference machine (QEMU's TCG, two cores, one vCPU):
 * some five times what the reference images take there, since running out of it ends a boot that may only be slow.
 */
const seconds: Record<Phase, number> = {
  firmware: silentSeconds,
  bootloader: silentSeconds,
  kernel: 90,
  initrd: 180,
  userspace: 300,
  login: 90,
  shell: 60,
};

/** How long a boot may stay in this phase; `scale` is the machine's slowness times the machines that share a core. */
export const phaseBudgetSeconds = (phase: Phase, scale: number): number => scale * seconds[phase];
