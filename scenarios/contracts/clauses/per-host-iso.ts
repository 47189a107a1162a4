import type { Clause } from './clause.ts';

const installer = 'systems/iso/installer.nix';
const notYet = 'No check installs onto a blank disk yet.';

/** The ISO of one host in arunoruto/flake, read in August 2026. */
export const perHostIsoClauses: readonly Clause[] = [
  {
    promise: "The file's name and the volume id name the release.",
    source: 'documentation, "Adding a new ISO target"',
    proof: { check: 'file-names', defects: ['release-volume-id-old', 'release-name-other-architecture'] },
  },
  {
    promise: 'The .sha256 beside the ISO and SHA256SUMS above it verify, and name files without a path.',
    source: 'documentation, "Verification"',
    proof: {
      check: 'digests',
      defects: ['release-digest-old', 'release-digest-of-nothing', 'release-digest-by-store-path'],
    },
  },
  {
    promise: 'The flake is on board, read-only, and a copy of it is in /etc/nixos/flake.',
    source: installer,
    proof: { check: 'files', defects: ['promise-file-mode'] },
  },
  {
    promise: 'A login says how to partition, install and autoinstall, with the name of the host.',
    source: installer,
    proof: { check: 'console', defects: ['promise-motd'] },
  },
  {
    promise: 'disko, git and helix are there and run.',
    source: installer,
    proof: { check: 'commands', defects: ['promise-command-missing', 'promise-command-broken'] },
  },
  {
    promise: 'Root and nixos have no password; nixos becomes root by sudo.',
    source: 'documentation, "Manual"; nixos/modules/profiles/installation-device.nix of nixpkgs',
    proof: { check: 'users', defects: ['promise-user-extra'] },
  },
  {
    promise: 'Flakes are on, and what a flake configures is accepted.',
    source: installer,
    proof: { check: 'nix', defects: ['promise-nix-setting'] },
  },
  {
    promise: 'Without the word on its command line autoinstall does nothing, successfully.',
    source: installer,
    proof: { check: 'units', defects: ['promise-unit-absent'] },
  },
  {
    promise: 'With the word autoinstall it partitions, installs and reboots by itself.',
    source: 'documentation, "Autoinstall"',
    proof: { unproven: notYet },
  },
  {
    promise: 'disko and nixos-install, typed as the login says, make a system that boots.',
    source: 'documentation, "Manual"',
    proof: { unproven: notYet },
  },
];
