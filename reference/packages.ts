/** What is installed: one list for every architecture and format. */

/** Debian releases that packages come from; all but kmscon (which trixie lacks) come from the first. */
export const releases = ['trixie', 'bookworm'] as const;

export type Architecture = 'x86_64' | 'aarch64';

/** Debian's names of the architectures. */
export const debianArchitecture: Record<Architecture, string> = { x86_64: 'amd64', aarch64: 'arm64' };

const base =
  'systemd systemd-sysv udev dbus libpam-systemd login kmod dracut zstd systemd-boot-efi less procps';
const contract = `kmscon fonts-jetbrains-mono xkb-data openssh-server nix-bin nix-setup-systemd network-manager
  neovim git curl wget fastfetch util-linux ca-certificates iproute2 iputils-ping qemu-guest-agent`;
// What apt calls essential: `mmdebstrap --variant=extract` unpacks nothing that is not asked for.
const essential = `apt base-files base-passwd bash bsdutils coreutils dash debianutils diffutils dpkg findutils grep gzip
  hostname init-system-helpers libc-bin libpam-modules libpam-runtime mawk mount ncurses-base ncurses-bin passwd
  perl-base sed sysvinit-utils tar`;
const tools = `squashfs-tools xorriso mtools fdisk e2fsprogs grub-common grub-pc-bin grub-efi-amd64-bin isolinux
  syslinux-common zstd cpio kmod binutils bash coreutils dash debianutils findutils grep sed tar perl-base util-linux
  base-files`;

const words = (text: string): string[] => text.split(/\s+/);

/** Packages of the reference system. */
export function systemPackages(architecture: Architecture): string[] {
  return [...words(base), ...words(contract), `linux-image-${debianArchitecture[architecture]}`];
}

/** What a root file system needs on top when no maintainer script and no dependency of apt's brings it. */
export const essentialPackages: string[] = words(essential);

/** Packages of the chroot that makes root file systems into images. */
export const toolPackages: string[] = words(tools);

/** `apt_preferences(5)`: everything from trixie, kmscon and its terminal library from bookworm. */
export const preferences = `Package: *
Pin: release n=bookworm
Pin-Priority: 1

Package: kmscon libtsm4
Pin: release n=bookworm
Pin-Priority: 990
`;

const modules = '/usr/lib/modules/*/kernel';
/**
 * Not unpacked (`path-exclude` of dpkg(1)), since an image travels by TFTP and lives in memory: documentation, drivers
 * of hardware that no virtual machine has, Mesa's software renderer (kmscon draws on dumb buffers).
 */
export const pathExcludes = [
  ...['doc', 'info', 'lintian', 'locale', 'man'].map((name) => `/usr/share/${name}/*`),
  ...['libLLVM', 'libgallium', 'libz3'].map((name) => `/usr/lib/*/${name}*`),
  ...['media', 'net/wireless', 'infiniband'].map((name) => `${modules}/drivers/${name}/*`),
  ...['amd', 'i915', 'nouveau', 'radeon', 'xe'].map((name) => `${modules}/drivers/gpu/drm/${name}/*`),
  `${modules}/sound/*`,
];
