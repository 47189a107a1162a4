import type { Clause } from './clause.ts';

const iso = 'README, "Special Features of the NixOS Installer"';
const kexec = 'README, "Kexec Tarballs"';
const noCarrier = 'Nothing starts a kexec tarball yet: it takes a machine that runs Linux already.';

/** nix-community/nixos-images, read in August 2026. */
export const nixCommunityClauses: readonly Clause[] = [
  {
    promise: 'Root is logged in on the screen and on serial of the ISO.',
    source: 'nix/image-installer/module.nix, nix/vga-primary-console.nix',
    proof: { check: 'autologin', defects: ['no-autologin-screen', 'no-autologin-serial'] },
  },
  {
    promise: 'sshd runs, and root may log in.',
    source: iso,
    proof: { check: 'sshd', defects: ['sshd-no-root', 'sshd-other-port'] },
  },
  {
    promise: "Root's password is three random words, in /var/shared/root-password.",
    source: `${iso}; nix/image-installer/module.nix`,
    reading: 'That it differs from boot to boot, and lets in over SSH, is not tried.',
    proof: { check: 'files', defects: ['promise-file-mode'] },
  },
  {
    promise: 'The ISO shows its addresses, its password and a QR code of both.',
    source: iso,
    proof: {
      unproven:
        'A QR code on the screen is read and told in the report; it is not held against the text yet.',
    },
  },
  {
    promise: 'Tor runs, with a hidden SSH service.',
    source: iso,
    reading: 'The unit is looked at; a name in .onion takes a network that leads somewhere.',
    proof: { check: 'units', defects: ['promise-unit-absent'] },
  },
  {
    promise: 'iwd is on, wpa_supplicant is off.',
    source: `${iso}; nix/image-installer/wifi.nix`,
    proof: { check: 'network', defects: ['promise-second-manager'] },
  },
  {
    promise: 'networkd runs the network; NetworkManager is off in kexec and netboot.',
    source: 'nix/networkd.nix, nix/kexec-installer/module.nix, nix/netboot-installer/module.nix',
    proof: { check: 'network', defects: ['promise-second-manager'] },
  },
  {
    promise: 'disko, rsync, jq, nixos-facter and nixos-install are there.',
    source: 'nix/installer.nix',
    proof: { check: 'commands', defects: ['promise-command-missing', 'promise-command-broken'] },
  },
  {
    promise: 'Flakes are on, 25 lines of a log are shown, there is no channel.',
    source: 'nix/nix-settings.nix, nix/installer.nix',
    proof: { check: 'nix', defects: ['promise-nix-setting'] },
  },
  {
    promise: 'Swapped memory is compressed (zswap).',
    source: 'nix/installer.nix',
    proof: { check: 'kernel', defects: ['promise-kernel-option'] },
  },
  {
    promise: 'Its name is nixos-installer; that of netboot is what the kernel is told, else nixos.',
    source: 'nix/installer.nix, nix/netboot-installer/module.nix',
    proof: { check: 'system', defects: ['promise-hostname'] },
  },
  {
    promise: 'Netboot boots from script, kernel and initrd alone.',
    source: 'README, "Netboot Images"',
    proof: { check: 'system', defects: [] },
  },
  {
    promise: 'There is no documentation in it.',
    source: 'nix/installer.nix',
    proof: { check: 'files', defects: ['promise-file-mode'] },
  },
  {
    promise: 'kexec: `run` says that the machine will boot in 6 s, returns 0, and the new kernel boots.',
    source: kexec,
    proof: { unproven: noCarrier },
  },
  {
    promise:
      'kexec: host keys, authorized keys, static addresses, routes and machine-id are those of before.',
    source: `${kexec}; nix/restore-remote-access.nix`,
    proof: { unproven: noCarrier },
  },
  {
    promise: 'kexec: with less than 1 GB of memory it says that the initrd could not be loaded.',
    source: kexec,
    proof: { unproven: noCarrier },
  },
];
