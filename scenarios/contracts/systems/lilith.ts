import type { Contract } from '../contract.ts';

/** What the ISO of lilith promises (modules/iso of isabelroses/dotfiles). */
export const lilith: Contract = {
  name: 'lilith',
  autologin: { screen: 'nixos', serial: { default: null } },
  login: { user: 'root', password: '' },
  sshd: { user: 'root', authorizedKey: 'ssh-ed25519', permitRootLogin: 'yes' },
  flakes: { experimentalFeatures: ['flakes', 'nix-command'] },
  // kbd has no keymap `en`: what the keys come to then is nobody's promise.
  keyboard: null,
  power: { off: true, reboot: {} },
  system: { target: 'multi-user.target' },
  users: {
    root: { uid: 0, password: 'none' },
    nixos: { password: 'none', groups: ['wheel'], becomesRoot: 'run0' },
  },
  units: { 'sshd.service': 'active' },
  commands: {
    'nixos-install': null,
    'nixos-enter': null,
    'nixos-rebuild': null,
    git: '--version',
    iztaller: null,
  },
  files: {
    // The documentation says /flake; in the live system the medium is at /iso.
    '/iso/flake/flake.nix': { type: 'file', readOnly: true },
    '/run/current-system/sw/share/man': null,
    '/run/current-system/sw/share/doc': null,
    '/run/wrappers/bin/sudo': null,
  },
  nix: {
    implementation: 'lix',
    settings: {
      'log-lines': '50',
      'http-connections': '50',
      'flake-registry': '',
      'warn-dirty': 'false',
      'accept-flake-config': 'false',
    },
    channels: [],
  },
  kernel: {
    commandLine: ['noquiet', 'toram'],
    modules: ['btrfs', 'vfat', 'f2fs', 'xfs', 'ntfs3', 'cifs'],
  },
};
