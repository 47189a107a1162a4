import type { FatalSign, SuspiciousSign } from './sign.ts';

const phase = 'initrd';
const because = [
  'missing-device',
  'mount-failed',
  'no-init',
  'unit-failed',
  'io-error',
  'initrd-damaged',
  'oops',
];

/** NixOS stage 1, initramfs-tools, live-boot, dracut, mkinitcpio; systemd in an initrd is in `systemd.ts`. */
export const initrdFatal: readonly FatalSign[] = [
  {
    phase,
    code: 'stage-1-failed',
    pattern: /\bAn error occurred in stage 1 of the boot process/,
    sentence: 'initrd: NixOS stage 1 failed and waits for a key',
    because,
    source: 'nixpkgs nixos/modules/system/boot/stage-1-init.sh',
  },
  {
    phase,
    code: 'stage-1-failed',
    pattern: /\bstage 2 init script \((.+)\) not found/,
    sentence: 'initrd: NixOS stage 1 did not find the system to start, $1',
    because,
    source: 'nixpkgs nixos/modules/system/boot/stage-1-init.sh',
  },
  {
    phase,
    code: 'initramfs-shell',
    pattern: /^ALERT! +(.+?) does not exist\. +Dropping to a shell!/,
    sentence: 'initrd: emergency shell, waiting for $1',
    byClock: true,
    source: 'initramfs-tools scripts/local',
  },
  {
    phase,
    code: 'initramfs-shell',
    pattern: /\b(Unable to find a (?:medium|live file system).*)$/i,
    sentence: 'initrd: the live medium was not found: $1',
    source: 'live-boot components/9990-main.sh',
  },
  {
    phase,
    code: 'initramfs-shell',
    pattern: /^\(initramfs\) ?$/,
    sentence: 'initrd: emergency shell of initramfs-tools',
    because,
    source: 'initramfs-tools scripts/functions, panic',
    prompt: true,
  },
  {
    phase,
    code: 'dracut-shell',
    pattern: /^Entering emergency mode\. Exit the shell to continue\./,
    sentence: 'initrd: emergency shell',
    because,
    source: 'dracut modules.d/98dracut-systemd/dracut-emergency.sh',
  },
  {
    phase,
    code: 'dracut-shell',
    pattern: /^dracut: FATAL: (.+)/,
    sentence: 'initrd: dracut gave up: $1',
    because,
    source: 'dracut modules.d/99base/dracut-lib.sh, die',
  },
  {
    phase,
    code: 'dracut-shell',
    pattern: /^(?:dracut|switch_root):\/?\S*# ?$/,
    sentence: 'initrd: emergency shell of dracut',
    because,
    source: 'dracut modules.d/99base/dracut-lib.sh, emergency_shell',
    prompt: true,
  },
  {
    phase,
    code: 'mkinitcpio-shell',
    pattern: /^(?:ERROR: .*)?You are (?:now )?being dropped (?:in)?to an? (?:recovery|emergency) shell/,
    sentence: 'initrd: emergency shell',
    because,
    source: 'mkinitcpio init_functions, launch_interactive_shell',
  },
  {
    phase,
    code: 'mkinitfs-shell',
    pattern: /^initramfs emergency recovery shell launched/,
    sentence: 'initrd: emergency shell',
    because,
    source: 'Alpine mkinitfs initramfs-init',
  },
  {
    phase,
    code: 'switch-root-failed',
    pattern: /\bFailed to switch root: (.+)$/,
    sentence: 'initrd: could not start the system: $1',
    because: ['missing-device', 'mount-failed'],
    source: 'systemd src/systemctl/systemctl-switch-root.c, src/core/main.c',
  },
];

export const initrdSuspicious: readonly SuspiciousSign[] = [
  {
    phase,
    code: 'missing-device',
    pattern:
      /^(?:Timed out waiting for device (.+?), trying to mount anyway\.|(?:dracut\S* )?Warning: "?(\/dev\/[^\s"]+)"? does not exist|ERROR: (?:device|Unable to find root device) '(.+?)')/,
    clause: 'waiting for $1',
    byClock: true,
    source: 'nixpkgs stage-1-init.sh; dracut modules.d/99base/dracut-lib.sh; mkinitcpio init_functions',
  },
  {
    phase,
    code: 'mount-failed',
    pattern:
      /^mount: (?:mounting )?(.+? (?:failed|can't|wrong fs type|unknown filesystem|does not exist|no such)\b.*?)\.?$/i,
    clause: 'mount: $1',
    source: 'busybox util-linux/mount.c; util-linux libmount',
  },
  {
    phase,
    code: 'no-init',
    pattern:
      /^(No init found\. Try passing init= bootarg\.|Target filesystem doesn't have requested .+|run-init: .+|No root device specified\..*)$/,
    clause: '$1',
    source: 'initramfs-tools init; klibc run-init',
  },
  {
    phase,
    code: 'no-init',
    pattern:
      /^[\w-]+\[\d+\]: (No init= parameter on the kernel command line|Failed to find init in sysroot.*|Failed to switch root, trying to continue: .*|\S+ (?:does not look like a NixOS installation|is not a NixOS system) - not activating)\.?$/,
    clause: '$1',
    source:
      'nixpkgs nixos/modules/system/boot/systemd/initrd.nix, pkgs/by-name/ni/nixos-init; systemd src/core/main.c',
  },
];
