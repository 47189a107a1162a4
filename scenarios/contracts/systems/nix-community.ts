import type { Contract } from '../contract.ts';

const system = { target: 'multi-user.target' };
const commands = {
  disko: '--version',
  rsync: '--version',
  jq: '--version',
  'nixos-facter': null,
  'nixos-install': null,
};
const files = { '/run/current-system/sw/share/man': null };

/** Diskless: as `nixos`, the installer profile's own, wherever nothing says otherwise. */
const diskless: NonNullable<Contract['formats']>[string] = {
  autologin: { screen: 'nixos', serial: { default: 'nixos' } },
  sshd: { user: 'root', permitRootLogin: 'yes' },
  network: {
    manager: 'systemd-networkd.service',
    address: true,
    off: ['NetworkManager.service', 'wpa_supplicant.service'],
  },
  units: { 'sshd.service': 'active' },
};

/** What nix-community/nixos-images promises of its installer ISO, its kexec tarballs and its netboot images. */
export const nixCommunity: Contract = {
  name: 'nix-community',
  // The last console of the ISO is the screen, and serial is one, too (nix/vga-primary-console.nix): root on both.
  autologin: { screen: 'root', serial: { default: 'root' } },
  // Its password is another one at each boot.
  login: null,
  // No key is authorized; who is let in, is by that password.
  sshd: { user: 'root', permitRootLogin: 'yes' },
  flakes: { experimentalFeatures: ['nix-command', 'flakes'] },
  keyboard: { layout: 'us', variant: '' },
  power: { off: true, reboot: {} },
  system: { ...system, hostname: 'nixos-installer' },
  users: { root: { uid: 0, password: 'hash' } },
  units: { 'sshd.service': 'active', 'tor.service': 'active', 'iwd.service': 'active' },
  network: { manager: 'systemd-networkd.service', address: true, off: ['wpa_supplicant.service'] },
  commands,
  files: {
    ...files,
    '/var/shared/root-password': { type: 'file', matches: String.raw`^[a-z]+-[a-z]+-[a-z]+$` },
  },
  nix: { settings: { 'log-lines': '25', 'connect-timeout': '5' }, channels: [] },
  kernel: { commandLine: ['zswap.enabled=1', 'zswap.compressor=zstd'] },
  formats: {
    // Its name is what the kernel is told, else `nixos` (nix/netboot-installer/module.nix).
    netboot: { ...diskless, system: { ...system, hostname: 'nixos' }, files },
    kexec: { ...diskless, files },
    // By its label, that is, beside the interactive one: without sudo and polkit, and root is logged in (nix/noninteractive.nix).
    noninteractive: {
      ...diskless,
      autologin: { screen: 'root', serial: { default: 'root' } },
      files: { ...files, '/run/wrappers/bin/sudo': null },
    },
  },
};
