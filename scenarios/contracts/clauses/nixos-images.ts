import type { Clause } from './clause.ts';

const readme = 'README, "What\'s in the Image"';

/** ItzEmoji/nixos-images, read in March 2026. */
export const nixosImagesClauses: readonly Clause[] = [
  {
    promise: 'Root is logged in on the virtual screen, in kmscon, without a password.',
    source: readme,
    proof: {
      check: 'autologin',
      defects: ['no-autologin-screen', 'autologin-other-user', 'no-kmscon', 'kmscon-broken'],
    },
  },
  {
    promise: 'On serial nobody is logged in as shipped: where a console is there, a login asks.',
    source: 'systemd-getty-generator(8); the documentation says nothing of serial',
    proof: { check: 'autologin', defects: ['autologin-serial-other-user'] },
  },
  {
    promise: "Root's password is empty: a hash of nothing, so that a login asks and Enter is the answer.",
    source: `${readme}; modules/root-user.nix (initialPassword)`,
    proof: { check: 'users', defects: ['promise-password-none'] },
  },
  {
    promise: 'sshd answers on port 22, with host keys that the guest made itself.',
    source: `${readme}; modules/ssh-server.nix`,
    proof: {
      check: 'sshd',
      defects: ['sshd-other-port', 'sshd-no-host-key', 'sshd-garbage', 'sshd-host-key-baked-in'],
    },
  },
  {
    promise: 'Root may log in by SSH (PermitRootLogin yes).',
    source: `${readme}; modules/ssh-server.nix`,
    proof: { check: 'sshd', defects: ['sshd-no-root'] },
  },
  {
    promise: "Root's ed25519 key is authorized, and lets in.",
    source: readme,
    reading: 'Whoever forks the repository has another key: the type is the promise.',
    proof: {
      check: 'sshd',
      defects: ['no-authorized-key', 'sshd-other-key', 'sshd-key-writable', 'sshd-forced-command'],
    },
  },
  {
    promise: 'Nobody gets in by SSH with the empty password, or with any other.',
    source: 'what "for local access" means in the documentation',
    reading:
      'By the sources keyboard-interactive may let the empty password in (KbdInteractiveAuthentication is left on): the check would fail there, and rightly.',
    proof: {
      check: 'sshd',
      defects: ['sshd-empty-password', 'sshd-any-password', 'sshd-any-password-noexec'],
    },
  },
  {
    promise: 'The keyboard is Swiss German, in kmscon.',
    source: `${readme}; modules/xkb.nix`,
    proof: {
      check: 'keyboard',
      defects: [
        'layout-us',
        'layout-de',
        'layout-ch-fr',
        'layout-unknown',
        'layout-dead-keys',
        'layout-altgr',
      ],
    },
  },
  {
    promise: 'The plain terminals of the kernel keep the keymap us.',
    source: 'modules/xkb.nix, which sets XKB alone',
    proof: { check: 'keyboard', defects: ['layout-vt-de'] },
  },
  {
    promise: 'The font of the console is JetBrains Mono Nerd Font.',
    source: `${readme}; modules/kmscon.nix`,
    reading: "kmscon's configuration is read; that the glyphs are drawn is not.",
    proof: { check: 'console', defects: ['promise-console-font'] },
  },
  {
    promise: 'Flakes and nix-command are on.',
    source: `${readme}; modules/nix-config.nix`,
    proof: { check: 'flakes', defects: ['no-flakes', 'flakes-half', 'nix-missing', 'nix-store-read-only'] },
  },
  {
    promise: 'NetworkManager runs the network, and the machine has an address.',
    source: `${readme}; modules/configuration.nix`,
    proof: { check: 'network', defects: ['promise-second-manager'] },
  },
  {
    promise: 'nvim, git, lsblk, curl, wget and fastfetch are there and run.',
    source: readme,
    reading:
      'What the sources carry besides (debootstrap, tmux, bat and others) the documentation does not promise.',
    proof: { check: 'commands', defects: ['promise-command-missing', 'promise-command-broken'] },
  },
  {
    promise: 'Its name is nixos-installer; the formats for Proxmox leave it open.',
    source: 'modules/configuration.nix',
    proof: { check: 'system', defects: ['promise-hostname'] },
  },
  {
    promise: 'Every format boots the same system.',
    source: 'README, "What\'s in the Image"',
    proof: { check: 'across formats', defects: [] },
  },
  {
    promise: 'The state version is 25.05.',
    source: `${readme}; modules/nix-config.nix`,
    proof: {
      unproven:
        'It decides what modules default to while the image is built; a running system does not tell it.',
    },
  },
  {
    promise: "In a release's netboot.ipxe the kernel and initrd have addresses with its tag.",
    source: 'README, "CI/CD"',
    reading: 'Any one tag will do, but where `release.tag` in the config names one.',
    proof: {
      check: 'ipxe-script',
      defects: ['release-ipxe-two-tags', 'release-ipxe-left-plain', 'release-ipxe-initrd-renamed'],
    },
  },
];
