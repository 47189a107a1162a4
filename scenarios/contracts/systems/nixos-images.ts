import type { Contract } from '../contract.ts';

const system = { target: 'multi-user.target' };

/** What every format of ItzEmoji/nixos-images promises, as NixOS keeps it. */
export const nixosImages: Contract = {
  name: 'nixos-images',
  autologin: {
    screen: 'root',
    // nixpkgs' installer profile logs `nixos` in on every getty, but systemd starts one on serial only where the kernel
    // has a console there (systemd-getty-generator(8)), which no format has as shipped; where one has, it asks.
    serial: { default: null },
  },
  // `initialPassword = ""` is a hash of the empty string: login asks, and Enter is the answer.
  login: { user: 'root', password: '' },
  // Whoever forks the repository puts their own key in: the type is the promise.
  sshd: { user: 'root', authorizedKey: 'ssh-ed25519', permitRootLogin: 'yes' },
  flakes: { experimentalFeatures: ['nix-command', 'flakes'] },
  // kmscon's own; the kernel's keymap (`console.keyMap`) is left as it is.
  keyboard: { layout: 'ch', variant: '', vt: { layout: 'us', variant: '' } },
  // A reboot is a whole boot more: whoever wants it says so in a contract of their own.
  power: { off: true, reboot: {} },
  system: { ...system, hostname: 'nixos-installer' },
  users: { root: { uid: 0, password: 'hash' } },
  network: { manager: 'NetworkManager.service', address: true },
  commands: {
    nvim: '--version',
    git: '--version',
    lsblk: '--version',
    curl: '--version',
    wget: '--version',
    fastfetch: '--version',
  },
  console: { kmsconFont: 'JetBrains Mono Nerd Font' },
  // nixpkgs' proxmox formats leave the name to Proxmox (nixos/modules/virtualisation/proxmox-image.nix).
  formats: { proxmox: { system }, 'proxmox-lxc': { system } },
};
