import type { System } from './finding.ts';

type Packages = Partial<Record<System, string>>;

/**
 * What other systems call the Debian packages of the requirements tables, as their package databases of 2026 have it.
 * Homebrew's and nixpkgs' QEMU bring UEFI firmware along. A system that lacks one is left out.
 */
const elsewhere: Readonly<Record<string, Packages>> = {
  'qemu-system-x86': { fedora: 'qemu-system-x86', arch: 'qemu-system-x86', nixos: 'qemu', macos: 'qemu' },
  'qemu-system-arm': {
    fedora: 'qemu-system-aarch64',
    arch: 'qemu-system-aarch64',
    nixos: 'qemu',
    macos: 'qemu',
  },
  'qemu-utils': { fedora: 'qemu-img', arch: 'qemu-img', nixos: 'qemu', macos: 'qemu' },
  ovmf: { fedora: 'edk2-ovmf', arch: 'edk2-ovmf', nixos: 'qemu', macos: 'qemu' },
  'qemu-efi-aarch64': { fedora: 'edk2-aarch64', arch: 'edk2-aarch64', nixos: 'qemu', macos: 'qemu' },
  ipxe: { fedora: 'ipxe-bootimgs-x86', arch: 'ipxe', nixos: 'ipxe' },
  mtools: { fedora: 'mtools', arch: 'mtools', nixos: 'mtools', macos: 'mtools' },
  'libarchive-tools': { fedora: 'bsdtar', arch: 'libarchive', nixos: 'libarchive', macos: 'libarchive' },
  e2fsprogs: { fedora: 'e2fsprogs', arch: 'e2fsprogs', nixos: 'e2fsprogs', macos: 'e2fsprogs' },
  'openssh-client': { fedora: 'openssh-clients', arch: 'openssh', nixos: 'openssh', macos: 'openssh' },
  'nix-bin': { fedora: 'nix', arch: 'nix' },
};

const install: Readonly<Record<System, (name: string) => string>> = {
  debian: (name) => `sudo apt-get install ${name}`,
  fedora: (name) => `sudo dnf install ${name}`,
  arch: (name) => `sudo pacman -S ${name}`,
  nixos: (name) => `nix shell nixpkgs#${name}`,
  macos: (name) => `brew install ${name}`,
};

/** The line that installs a Debian package, or what stands for it, on each system that has it. */
export function installing(debian: string): Packages {
  const names: Packages = { debian, ...elsewhere[debian] };
  return Object.fromEntries(
    Object.entries(names).map(([system, name]) => [system, install[system as System](name)]),
  );
}
