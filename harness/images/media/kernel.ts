import type { Arch } from '../image.ts';

export interface Kernel {
  /** Undefined for a kernel of another architecture, e.g. 32-bit x86. */
  arch: Arch | undefined;
  /** Bytes that its header says it has at least. */
  size: number;
}

/** PE machine types (Microsoft, "PE Format"). */
const peMachines: Record<number, Arch> = { 0x8664: 'x86_64', 0xaa64: 'aarch64' };

/** First boot protocol with `xloadflags`, whose bit 0 is a 64-bit entry point (Linux, Documentation/arch/x86/boot.rst). */
const xloadflagsSince = 0x020c;

/**
 * Tells a Linux kernel, or another EFI program that can be started like one, by its header.
 * @param head the first 4096 bytes
 */
export function kernelOf(head: Buffer): Kernel | undefined {
  if (head.toString('latin1', 514, 518) === 'HdrS') {
    const is64Bit = head.readUInt16LE(518) >= xloadflagsSince && (head.readUInt16LE(566) & 1) === 1;
    const setupSectors = head.readUInt8(497) || 4;
    const size = (setupSectors + 1) * 512 + head.readUInt32LE(500) * 16;
    return { arch: is64Bit ? 'x86_64' : undefined, size };
  }
  // Documentation/arch/arm64/booting.rst; the size there is that in memory, so it says nothing of the file.
  if (head.toString('latin1', 56, 60) === 'ARMd') return { arch: 'aarch64', size: 64 };
  return efiProgramOf(head);
}

/** EFI's zboot kernels, unified kernel images and any other PE program. */
function efiProgramOf(head: Buffer): Kernel | undefined {
  const at = head.readUInt32LE(60);
  if (head.toString('latin1', 0, 2) !== 'MZ' || at > head.length - 24) return undefined;
  if (head.toString('latin1', at, at + 4) !== 'PE\0\0') return undefined;
  return { arch: peMachines[head.readUInt16LE(at + 4)], size: at + 24 };
}
