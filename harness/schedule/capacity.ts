import { availableParallelism } from 'node:os';
import { statfs } from 'node:fs/promises';
import { childrenMemory, freeMemory } from './free-memory.ts';

/** What cells take from the host while they run. */
export interface Need {
  memoryMiB: number;
  diskMiB: number;
}

/** What the host can give to all machines together. */
export interface Capacity extends Need {
  cpus: number;
  /** The limit of the control group that leaves so little memory, in MiB; absent where the host itself has no more. */
  limitMiB?: number;
}

/** Left to the host and to ourselves. */
const reserveMiB = 512;
/** QEMU's own memory beside the guest's: translated code, device state, a framebuffer. */
export const machineOverheadMiB = 256;

/** Measures what there is now. `scratch` is the directory whose file system takes the overlays. */
export async function measureCapacity(scratch: string): Promise<Capacity> {
  const { bavail, bsize } = await statfs(scratch);
  return {
    cpus: availableParallelism(),
    ...measureMemory(),
    diskMiB: Math.max(0, Math.floor((bavail * bsize) / 2 ** 20) - reserveMiB),
  };
}

/** What of the host's memory there is for machines, counting what those that run now have taken of it. */
export function measureMemory(): Pick<Capacity, 'memoryMiB' | 'limitMiB'> {
  const { bytes, limit } = freeMemory();
  return {
    memoryMiB: Math.max(0, Math.floor((bytes + childrenMemory()) / 2 ** 20) - reserveMiB),
    ...(limit === undefined ? {} : { limitMiB: Math.floor(limit / 2 ** 20) }),
  };
}

/** Why a cell cannot be admitted on this host, not even alone, or null. */
export function whyTooLarge(need: Need, capacity: Omit<Capacity, 'cpus'>): string | null {
  const { memoryMiB, diskMiB, limitMiB } = capacity;
  if (need.memoryMiB > memoryMiB) {
    return limitMiB === undefined
      ? `needs ${need.memoryMiB} MiB of memory and the host has ${memoryMiB} MiB free; free some or run it on a larger host`
      : `needs ${need.memoryMiB} MiB of memory and the limit of this control group (a container, a systemd unit), ${limitMiB} MiB, leaves ${memoryMiB} MiB; raise the limit or run it outside`;
  }
  if (need.diskMiB > diskMiB) {
    return `needs ${need.diskMiB} MiB of scratch disk and ${diskMiB} MiB are free; free some or set TMPDIR to a larger disk`;
  }
  return null;
}
