import type { Phase } from '../../events.ts';
import { loginPrompt } from './prompts.ts';

/** A text by which a phase is told from a console. */
export interface PhaseSign {
  phase: Phase;
  pattern: RegExp;
  /** What prints it. */
  source: string;
  /** It is said on the firmware's console, which says nothing of where the phase's own words will go. */
  byFirmware?: true;
}

/**
 * What firmware, bootloaders, kernels and systems print when they begin, each matched against one line. Hints all of
 * them: every one can be forged or absent, and nothing is proven before a command was answered.
 */
export const phaseSigns: readonly PhaseSign[] = [
  {
    phase: 'firmware',
    pattern: /^SeaBIOS \(version /,
    source: 'SeaBIOS src/bootsplash.c, serial console (sercon)',
  },
  {
    phase: 'firmware',
    pattern: /^Booting from (?:Hard Disk|DVD\/CD|Floppy|ROM)/,
    source: 'SeaBIOS src/boot.c',
  },
  {
    phase: 'firmware',
    pattern: /^iPXE \(https?:\/\/ipxe\.org\) /,
    source: 'iPXE option ROM during POST, src/arch/x86/prefix/romprefix.S',
  },
  {
    phase: 'firmware',
    pattern: /^UEFI firmware \(version /,
    source: 'EDK2 ArmVirtPkg, PlatformBootManagerLib',
  },
  {
    phase: 'firmware',
    pattern: /^BdsDxe: (?:loading|failed to load) Boot/,
    source: 'EDK2 MdeModulePkg/Universal/BdsDxe',
  },
  { phase: 'firmware', pattern: /^UEFI Interactive Shell v/, source: 'EDK2 ShellPkg' },
  {
    phase: 'firmware',
    pattern: /^U-Boot (?:SPL |TPL )?\d{4}\.\d\d/,
    source: 'U-Boot common/main.c, version string',
  },

  {
    phase: 'bootloader',
    pattern: /^BdsDxe: starting Boot(?!.*\bEFI Internal Shell\b)/,
    source: 'EDK2 BdsDxe: a loader was read and is run',
  },
  {
    phase: 'bootloader',
    pattern: /^iPXE \(PCI [0-9a-f:.]+\) starting execution/,
    source: 'iPXE src/arch/x86/prefix/romprefix.S',
  },
  { phase: 'bootloader', pattern: /^iPXE initiali[sz]ing devices\.\.\./, source: 'iPXE src/core/main.c' },
  {
    phase: 'bootloader',
    pattern: /^iPXE [\d.]+\S*(?: \(g[0-9a-f]+\))? -- Open Source Network Boot Firmware/,
    source: 'iPXE src/usr/autoboot.c',
  },
  {
    phase: 'bootloader',
    pattern: /^GRUB(?: loading\.| GRUB\b| ?$)/,
    source: 'GRUB grub-core/boot/i386/pc/boot.S, and diskboot.S, which is read next',
  },
  { phase: 'bootloader', pattern: /^Welcome to GRUB!/, source: 'GRUB grub-core/kern/main.c' },
  { phase: 'bootloader', pattern: /\bGNU GRUB +version \d/, source: 'GRUB grub-core/normal/main.c' },
  { phase: 'bootloader', pattern: /^ *Booting [`'].+'$/, source: 'GRUB grub-core/normal/menu.c' },
  { phase: 'bootloader', pattern: /^(?:ISO|SYS|EXT|PXE)LINUX \d+\.\d+/, source: 'SYSLINUX core' },
  {
    phase: 'bootloader',
    pattern: /^(?:Press \[Tab\] to edit options|Automatic boot in \d+ second)/,
    source: 'SYSLINUX com32/menu',
  },
  {
    phase: 'bootloader',
    pattern: /^Loading \/\S+\.\.\. ?(?:ok)?$/,
    source: 'SYSLINUX core, com32/lib/syslinux/loadfile',
  },
  { phase: 'bootloader', pattern: /^ *Boot in \d+ ?s\.$/, source: 'systemd src/boot/boot.c' },
  { phase: 'bootloader', pattern: /^Hit any key to stop autoboot/, source: 'U-Boot common/autoboot.c' },
  {
    phase: 'bootloader',
    pattern: /^(?:Found|Retrieving file:) \/\S*extlinux/,
    source: 'U-Boot boot/pxe_utils.c',
  },
  { phase: 'bootloader', pattern: /^Starting kernel \.\.\./, source: 'U-Boot arch/arm/lib/bootm.c' },

  { phase: 'kernel', pattern: /^EFI stub: /, source: 'Linux drivers/firmware/efi/libstub', byFirmware: true },
  { phase: 'kernel', pattern: /^Probing EDD \(edd=off to disable\)/, source: 'Linux arch/x86/boot/edd.c' },
  {
    phase: 'kernel',
    pattern: /^(?:Decompressing Linux\.\.\.|early console in )/,
    source: 'Linux arch/x86/boot/compressed/misc.c',
  },
  {
    phase: 'kernel',
    pattern: /^\[ *\d+\.\d{6}\](?:\[ *[CT]\d+\])? /,
    source: 'Linux kernel/printk, with time stamps',
  },
  { phase: 'kernel', pattern: /^Linux version \d+\.\d+/, source: 'Linux init/main.c, without time stamps' },

  { phase: 'initrd', pattern: /\bRun \/init as init process/, source: 'Linux init/main.c' },
  {
    phase: 'initrd',
    pattern: /<<< (?:NixOS|.{1,60}) Stage 1 >>>/,
    source: 'nixpkgs nixos/modules/system/boot/stage-1-init.sh',
  },
  {
    phase: 'initrd',
    pattern: /^Welcome to .+\((?:Initrd|Initramfs)\)!/i,
    source: 'systemd src/core/main.c before 257, with the initrd-release of dracut, mkosi, NixOS',
  },
  {
    phase: 'initrd',
    pattern: /^Booting initrd of .+\.$/,
    source: 'systemd src/core/main.c since 257',
  },
  {
    phase: 'initrd',
    pattern: /systemd\[1\]: Running in (?:initrd|initramfs)\b/i,
    source: 'systemd src/core/main.c',
  },
  {
    phase: 'initrd',
    pattern: /\bdracut: dracut-|\bdracut-(?:cmdline|pre-udev)\[\d+\]/,
    source: 'dracut modules.d/99base/init.sh',
  },
  {
    phase: 'initrd',
    pattern:
      /^(?:\[[^\]]*\]|systemd\[1\]:) (?:Reached target|Dependency failed for|Failed to mount|Mounted) (?:initrd-\S+\.target|sysroot\.mount|Initrd (?:Root|File)|\/sysroot\b)/,
    source: 'systemd units/initrd-*.target, whose system may be told quietly to begin',
  },
  { phase: 'initrd', pattern: /^Loading, please wait\.\.\.$/, source: 'initramfs-tools init' },
  { phase: 'initrd', pattern: /^Begin: /, source: 'initramfs-tools scripts/functions, log_begin_msg' },
  {
    phase: 'initrd',
    pattern: /^Starting (?:systemd-udevd )?version \d+/,
    source: 'systemd-udevd, started by initramfs-tools',
  },

  {
    phase: 'userspace',
    pattern: /<<< (?:NixOS|.{1,60}) Stage 2 >>>/,
    source: 'nixpkgs nixos/modules/system/boot/stage-2-init.sh',
  },
  {
    phase: 'userspace',
    pattern: /^Welcome to (?!GRUB!)(?!.*\((?:Initrd|Initramfs)\)!).+!$/i,
    source: 'systemd src/core/main.c',
  },
  {
    phase: 'userspace',
    pattern: /\bsystemd\[1\]: Switching root\.$/,
    source: "systemd src/core/main.c: an initrd's systemd has what it needs and runs the system's init",
  },
  {
    phase: 'userspace',
    pattern: /\bsystemd-journald\[\d+\]: Received SIGTERM from PID 1 \(systemd/,
    source: "systemd src/core/main.c: the last that an initrd's systemd does before the system's init runs",
  },
  { phase: 'userspace', pattern: /^INIT: version \S+ booting/, source: 'sysvinit src/init.c' },
  { phase: 'userspace', pattern: /\bOpenRC \S+ is starting up/, source: 'OpenRC src/rc/rc.c' },

  {
    phase: 'login',
    pattern: /^<<< Welcome to .+ - (?:tty|hvc|pts\/)\S+ >>>/,
    source: 'nixpkgs nixos/modules/services/ttys/getty.nix, greetingLine; under kmscon with its pty',
  },
  {
    phase: 'login',
    pattern: /^\S.* (?:ttyS|ttyAMA|hvc)\d+$/,
    source: 'util-linux agetty with /etc/issue `\\S \\n \\l`',
  },
  {
    phase: 'login',
    pattern: /\blogin: (?:\S+ \(automatic login\)|\[ *\d+\.\d{6}\])/,
    source: 'util-linux term-utils/agetty.c, also with a kernel message after the prompt',
  },
];

/** A text on a screen. */
interface ScreenSign extends PhaseSign {
  /** It tells the phase only where this was read before. */
  after?: RegExp;
}

/** A program of the image ran, or was to run. */
const initDied = /\bKernel panic - not syncing: (?:Attempted to kill init!|No working init found\.)/;

/**
 * What tells a phase on a screen, where its own words may have scrolled away, or a graphical console took their place. The
 * first that fits counts.
 */
export const screenSigns: readonly ScreenSign[] = [
  {
    phase: 'userspace',
    pattern: initDied,
    after:
      /^(?:\[ *\d+\.\d+\] systemd\[1\]: | +)Starting (?:initrd-switch-root\.service - )?Switch Root\.\.\.$/,
    source: "Linux kernel/exit.c, behind systemd units/initrd-switch-root.service: the system's init ran",
  },
  {
    phase: 'initrd',
    pattern: initDied,
    source: 'Linux kernel/exit.c, init/main.c: an init ran, or none of those that were tried could',
  },
  {
    phase: 'login',
    pattern: /^\[ *OK *\] Reached target (?:getty\.target - )?Login Prompts\.$/,
    source: 'systemd units/getty.target',
  },
  { phase: 'login', pattern: loginPrompt, source: 'util-linux term-utils/agetty.c' },
];

/** The first words of a firmware and of a kernel. */
export const beginnings =
  /^(?:\[ {4}0\.000000\](?:\[ *[CT]\d+\])? )?(SeaBIOS \(version |UEFI firmware \(version |Linux version \d)/;
