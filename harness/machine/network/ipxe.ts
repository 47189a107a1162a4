import { join } from 'node:path';
import { cacheDirectory } from '../../cache-directory.ts';
import { HostError, UsageError } from '../../errors.ts';
import type { Arch } from '../../images/image.ts';
import type { IpxeSource } from '../board/description.ts';
import { firstReadable } from '../first-readable.ts';

/** iPXE as an EFI program, where distributions put it; best the one that uses the firmware's own network driver. */
const ofDistributions: Record<Arch, readonly string[]> = {
  x86_64: [
    // Debian and its kin, Fedora, Arch Linux.
    '/usr/lib/ipxe/snponly.efi',
    '/usr/share/ipxe/ipxe-snponly-x86_64.efi',
    '/usr/share/ipxe/x86_64/snponly.efi',
  ],
  aarch64: [
    // Debian from 14 on and its kin, Fedora, openSUSE.
    '/usr/lib/ipxe/ipxe-arm64.efi',
    '/usr/share/ipxe/arm64-efi/snponly.efi',
    '/usr/share/ipxe/snp-arm64.efi',
  ],
};

/** Where iPXE comes from first: QEMU's network cards have none for aarch64, whose firmware's PXE client loads one. */
export const firstIpxeSource: Record<Arch, IpxeSource> = { x86_64: 'option-rom', aarch64: 'network' };

/** Names an iPXE for aarch64 in place of the host's: Nix's lies at no path that is known beforehand. */
const variable = 'BOOT_MATRIX_IPXE_AARCH64';

/** Where an iPXE for aarch64 is kept that was brought from a newer Debian than the host's. */
export const broughtIpxe = (): string => join(cacheDirectory(), 'ipxe', 'ipxe-arm64.efi');

/** What may be served as iPXE, the best first. */
export function ipxePrograms(arch: Arch): readonly string[] {
  if (arch === 'x86_64') return ofDistributions.x86_64;
  const named = process.env[variable];
  return named === undefined || named === '' ? [...ofDistributions.aarch64, broughtIpxe()] : [named];
}

/**
 * The iPXE for aarch64 that this host has, if any.
 * @throws UsageError `ipxe-not-there` where the environment names a file that cannot be read
 */
export async function ipxeForAarch64(): Promise<string | undefined> {
  const programs = ipxePrograms('aarch64');
  const path = await firstReadable(programs);
  if (path !== undefined || programs.includes(broughtIpxe())) return path;
  throw new UsageError(
    'ipxe-not-there',
    `${variable}: expected the path of iPXE as an EFI program for aarch64, got ${programs.join()}, which cannot be read.`,
  );
}

/** How a host gets one for aarch64, behind "to have one,". */
export const ipxeForAarch64Remedy = `install ipxe of Debian 14, ipxe-bootimgs-aarch64 of Fedora or ipxe-bootimgs of openSUSE, or name its file by ${variable}`;

const lack: Record<Arch, { why: string; hint: string }> = {
  x86_64: {
    why: "The UEFI firmware passes over the iPXE in QEMU's network card",
    hint: 'Install it: apt-get install ipxe.',
  },
  aarch64: {
    why: "QEMU's network card has no iPXE for aarch64",
    hint: `To have one, ${ipxeForAarch64Remedy}.`,
  },
};

/**
 * The host's iPXE to be served by TFTP: the first of these files that is there.
 * @throws HostError `ipxe-missing`
 */
export async function findIpxe(arch: Arch, programs: readonly string[]): Promise<string> {
  const path = await firstReadable(programs);
  if (path !== undefined) return path;
  const { why, hint } = lack[arch];
  throw new HostError(
    'ipxe-missing',
    `${why}, and the host has none to load from the network: looked for ${programs.join(', ')}.`,
    { hint },
  );
}
