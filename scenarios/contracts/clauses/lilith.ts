import type { Clause } from './clause.ts';

/** The ISO of lilith in isabelroses/dotfiles, read in August 2026. */
export const lilithClauses: readonly Clause[] = [
  {
    promise: 'The file is called as the volume: host, release, revision, architecture.',
    source: 'modules/iso/image.nix',
    reading: 'It is released as lilith.iso: so this holds of what is built, not of what is downloaded.',
    proof: { check: 'file-names', defects: ['release-volume-id-old', 'release-name-other-architecture'] },
  },
  {
    promise: 'The kernel is told noquiet and toram.',
    source: 'modules/iso/boot.nix',
    proof: { check: 'kernel', defects: ['promise-kernel-option'] },
  },
  {
    promise: 'The stick may be pulled once it has booted.',
    source: 'documentation, "boot.nix"',
    reading: 'Stock NixOS knows copytoram and not toram, so this may truly not hold.',
    proof: {
      unproven: "A check of one's own can pull the medium (`guest.withoutMedium`); none of ours does yet.",
    },
  },
  {
    promise: 'The flake is on board.',
    source: 'documentation, "Embedded flake source"',
    reading:
      'The documentation says /flake; in the live system it is /iso/flake, and the contract holds to that.',
    proof: { check: 'files', defects: ['promise-file-mode'] },
  },
  {
    promise: 'Nix is Lix, without channels and without a registry; 50 lines of a log, 50 connections.',
    source: 'modules/iso/nix.nix',
    proof: { check: 'nix', defects: ['promise-nix-setting'] },
  },
  {
    promise: 'Flakes are on.',
    source: 'modules/iso/nix.nix',
    proof: { check: 'flakes', defects: ['no-flakes', 'flakes-half'] },
  },
  {
    promise: 'nixos-enter, nixos-install, nixos-rebuild, git and the installer are there.',
    source: 'modules/iso/programs.nix',
    reading:
      'The documentation has nixos-generate-config, the sources have nixos-rebuild: the contract holds to the sources.',
    proof: { check: 'commands', defects: ['promise-command-missing'] },
  },
  {
    promise: 'Root and nixos have no password; nixos becomes root by run0, there is no sudo.',
    source: 'documentation, "Live environment defaults"; modules/iso/security.nix',
    proof: { check: 'users', defects: ['promise-user-extra'] },
  },
  {
    promise: 'sshd is on, and one key of root is authorized.',
    source: 'modules/iso/networking.nix',
    proof: { check: 'sshd', defects: ['no-authorized-key', 'sshd-other-port'] },
  },
  {
    promise: 'There are no man pages and no documentation.',
    source: 'modules/iso/space.nix',
    proof: { check: 'files', defects: ['promise-file-mode'] },
  },
  {
    promise: 'btrfs, vfat, f2fs, xfs, ntfs and cifs can be mounted.',
    source: 'documentation, "boot.nix"',
    reading: 'That their modules load is looked at; nothing is mounted.',
    proof: { check: 'kernel', defects: [] },
  },
  {
    promise: 'The keymap is en.',
    source: 'modules/iso/console.nix',
    reading: 'kbd has no map of that name, so no layout can be promised.',
    proof: { unproven: "What the keys come to then is nobody's promise; failed units are in the inventory." },
  },
  {
    promise: 'Its squashfs is compressed by zstd at level 19.',
    source: 'documentation, "image.nix"',
    proof: { unproven: 'A level is not written into the file; sizes can be bounded (`size`).' },
  },
];
