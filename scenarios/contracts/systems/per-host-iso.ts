import type { Contract } from '../contract.ts';

/** What the installer ISO of one host promises (systems/iso/installer.nix of arunoruto/flake), whichever host it is. */
export const perHostIso: Contract = {
  name: 'per-host-iso',
  // nixpkgs' installer profile, unchanged: a getty of the virtual screen has `nixos`, and none is on serial.
  autologin: { screen: 'nixos', serial: { default: null } },
  login: { user: 'root', password: '' },
  sshd: null,
  flakes: { experimentalFeatures: ['nix-command', 'flakes'] },
  keyboard: { layout: 'us', variant: '' },
  power: { off: true, reboot: {} },
  system: { target: 'multi-user.target', hostname: 'nixos' },
  users: {
    root: { uid: 0, password: 'none' },
    nixos: { password: 'none', groups: ['wheel'], becomesRoot: 'sudo' },
  },
  // Without the word on its command line it is a oneshot that has done nothing, successfully.
  units: { 'autoinstall.service': 'inactive' },
  commands: { disko: '--version', git: '--version', hx: '--version', 'nixos-install': null },
  files: {
    '/etc/systemd/system/autoinstall.service': {},
    '/iso/nixos-flake/flake.nix': { type: 'file', readOnly: true },
    '/etc/nixos/flake/flake.nix': { type: 'file' },
  },
  nix: { settings: { 'accept-flake-config': 'true' } },
  console: {
    motd: String.raw`^\s*=== \S+ Installer ===$[^]*disko --mode disko [^]*nixos-install --flake [^]*'autoinstall'`,
  },
};
