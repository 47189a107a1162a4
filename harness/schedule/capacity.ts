import { availableParallelism, freemem } from 'node:os';
import { statfs } from 'node:fs/promises';

/** What cells take from the host while they run. */
export interface Need {
  memoryMiB: number;
  diskMiB: number;
}

/** What the host can give to all machines together. */
export interface Capacity extends Need {
  cpus: number;
}

/** Left to the host and to ourselves. */
const reserveMiB = 512;
/** QEMU's own memory beside the guest's: translated code, device state, a framebuffer. */
export const machineOverheadMiB = 256;

/** Measures what is free now. `scratch` is the directory whose file system takes the overlays. */
export async function measureCapacity(scratch: string): Promise<Capacity> {
  const { bavail, bsize } = await statfs(scratch);
  return {
    cpus: availableParallelism(),
    memoryMiB: Math.max(0, Math.floor(freemem() / 2 ** 20) - reserveMiB),
    diskMiB: Math.max(0, Math.floor((bavail * bsize) / 2 ** 20) - reserveMiB),
  };
}

/** Why a cell can never be admitted on this host, or null. */
export function whyTooLarge(need: Need, capacity: Capacity): string | null {
  if (need.memoryMiB > capacity.memoryMiB) {
    return `needs ${need.memoryMiB} MiB of memory and the host has ${capacity.memoryMiB} MiB free; free some or run it on a larger host`;
  }
  if (need.diskMiB > capacity.diskMiB) {
    return `needs ${need.diskMiB} MiB of scratch disk and ${capacity.diskMiB} MiB are free; free some or set TMPDIR to a larger disk`;
  }
  return null;
}
