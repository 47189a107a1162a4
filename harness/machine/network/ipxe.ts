import { HostError } from '../../errors.ts';
import type { Arch } from '../../images/image.ts';
import { firstReadable } from '../first-readable.ts';

/** iPXE as an EFI program, where distributions put it; best the one that uses the firmware's own network driver. */
export const ipxePrograms: Record<Arch, readonly string[]> = {
  x86_64: [
    // Debian and its kin, Fedora, Arch Linux.
    '/usr/lib/ipxe/snponly.efi',
    '/usr/share/ipxe/ipxe-snponly-x86_64.efi',
    '/usr/share/ipxe/x86_64/snponly.efi',
  ],
  aarch64: ['/usr/lib/ipxe/ipxe-arm64.efi', '/usr/share/ipxe/arm64-efi/snponly.efi'],
};

/**
 * The host's iPXE to be served by TFTP: the first of these files that is there.
 * @throws HostError `ipxe-missing`
 */
export async function findIpxe(programs: readonly string[]): Promise<string> {
  const path = await firstReadable(programs);
  if (path !== undefined) return path;
  throw new HostError(
    'ipxe-missing',
    "The UEFI firmware passes over the iPXE in QEMU's network card, and the host has none to load from the network: " +
      `looked for ${programs.join(', ')}.`,
    { hint: 'Install it: apt-get install ipxe.' },
  );
}
