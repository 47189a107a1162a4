import { HostError } from '../../errors.ts';
import { firstReadable } from '../first-readable.ts';

/** U-Boot for QEMU's aarch64 machine `virt`, where distributions put it: Debian and its kin, Fedora. */
const programs = ['/usr/lib/u-boot/qemu_arm64/u-boot.bin', '/usr/share/uboot/qemu_arm64/u-boot.bin'];

/**
 * The host's U-Boot for aarch64.
 * @throws HostError `u-boot-missing`
 */
export async function findUBoot(): Promise<string> {
  const path = await firstReadable(programs);
  if (path !== undefined) return path;
  throw new HostError(
    'u-boot-missing',
    `SD cards for aarch64 are started by U-Boot, and the host has none: looked for ${programs.join(', ')}.`,
    { hint: 'Install it: apt-get install u-boot-qemu.' },
  );
}
