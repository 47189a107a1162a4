import type { Phase } from '../events.ts';
import type { Transcript } from './transcript.ts';

/** A text after which a boot does not go on by itself. */
interface FailureSign {
  /** The phase that failed. */
  phase: Phase;
  /** Stable, for reports. */
  code: string;
  pattern: RegExp;
  /** One sentence; `$1` stands for the pattern's first group. */
  sentence: string;
  /** What prints it. */
  source: string;
  /** The text is a prompt, which no newline follows. */
  prompt?: true;
}

/**
 * Texts that mean the end, each matched against one line. Only what is fatal without exception may stand here:
 * `[FAILED]` units, a firmware that tries the next device or a GRUB `error:` that it survives do not.
 */
const failureSigns: readonly FailureSign[] = [
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern: /^No bootable device\./,
    sentence: 'the BIOS found nothing to boot',
    source: 'SeaBIOS src/boot.c',
  },
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern: /^BdsDxe: No bootable option or device was found/,
    sentence: 'the UEFI firmware found nothing to boot',
    source: 'EDK2 MdeModulePkg/Universal/BdsDxe',
  },
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern: /^UEFI Interactive Shell v/,
    sentence: 'the UEFI firmware found nothing to boot and started its shell',
    source: 'EDK2 ShellPkg',
  },
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern: /^(?:Missing operating system|Operating system load error|Error loading operating system)\.?$/i,
    sentence: "the disk's boot sector found nothing to boot",
    source: 'SYSLINUX mbr/mbr.S, mbr/isohdpfx.S',
  },
  {
    phase: 'bootloader',
    code: 'ipxe-failed',
    pattern: /^No more network devices$/,
    sentence: 'iPXE tried every network device and booted from none',
    source: 'iPXE src/usr/autoboot.c',
  },
  {
    phase: 'bootloader',
    code: 'ipxe-failed',
    pattern: /^Could not boot(?: image)?: (.+)$/,
    sentence: 'iPXE could not boot: $1',
    source: 'iPXE src/usr/imgmgmt.c',
  },
  {
    phase: 'bootloader',
    code: 'ipxe-prompt',
    pattern: /^iPXE> $/,
    sentence: 'iPXE stopped at its command line',
    source: 'iPXE src/hci/shell.c',
    prompt: true,
  },
  {
    phase: 'bootloader',
    code: 'grub-rescue',
    pattern: /^grub rescue> $/,
    sentence: 'GRUB did not find its modules and stopped at its rescue prompt',
    source: 'GRUB grub-core/kern/rescue_reader.c',
    prompt: true,
  },
  {
    phase: 'bootloader',
    code: 'grub-rescue',
    pattern: /^Entering rescue mode\.\.\.$/,
    sentence: 'GRUB did not find its modules and stopped at its rescue prompt',
    source: 'GRUB grub-core/kern/rescue_reader.c',
  },
  {
    phase: 'bootloader',
    code: 'grub-prompt',
    pattern: /^grub> $/,
    sentence: 'GRUB found no configuration and stopped at its command line',
    source: 'GRUB grub-core/normal/main.c',
    prompt: true,
  },
  {
    phase: 'bootloader',
    code: 'grub-failed',
    pattern: /^GRUB (?:Geom|Read|Hard Disk|Floppy) Error/,
    sentence: "GRUB's boot sector could not read the disk",
    source: 'GRUB grub-core/boot/i386/pc/boot.S',
  },
  {
    phase: 'bootloader',
    code: 'grub-failed',
    pattern:
      /^error: (?:\S+:\d+:)?((?:you need to load the kernel first|out of memory|.*bad shim signature)\b.*)$/,
    sentence: 'GRUB could not load the system: $1',
    source: 'GRUB grub-core/loader, grub-core/kern/mm.c',
  },
  {
    phase: 'bootloader',
    code: 'isolinux-failed',
    pattern: /^isolinux: (.*(?:error|missing|corrupt|not found).*)$/i,
    sentence: 'ISOLINUX could not read the medium: $1',
    source: 'SYSLINUX core/isolinux.asm',
  },
  {
    phase: 'bootloader',
    code: 'isolinux-failed',
    pattern:
      /^((?:Could not find kernel image|No DEFAULT or UI configuration directive found|ERROR: No configuration file found|Failed to load (?:ldlinux\.c32|COM32 file)|Boot failed: press a key to retry)\b.*)$/,
    sentence: 'SYSLINUX could not load the system: $1',
    source: 'SYSLINUX core, com32/elflink/ldlinux',
  },
  {
    phase: 'bootloader',
    code: 'systemd-boot-failed',
    pattern: /^(No loader found\. Configuration files in .+ are needed\.)/,
    sentence: 'systemd-boot found nothing to boot',
    source: 'systemd src/boot/boot.c',
  },
  {
    phase: 'bootloader',
    code: 'u-boot-failed',
    pattern:
      /^(### ERROR ### Please RESET the board ###|Wrong Image Format for boot\w* command|Bad Linux ARM64 Image magic!)/,
    sentence: 'U-Boot could not start the kernel: $1',
    source: 'U-Boot lib/hang.c, boot/bootm.c, arch/arm/lib/image.c',
  },
  {
    phase: 'kernel',
    code: 'kernel-load-failed',
    pattern: /^ *-- System halted$/,
    sentence: 'the kernel could not unpack itself and halted',
    source: 'Linux arch/x86/boot/compressed/error.c',
  },
  {
    phase: 'kernel',
    code: 'kernel-load-failed',
    pattern:
      /^EFI stub: ERROR: ((?:Failed to (?:load|open|read|alloc|relocate|decompress)|Exit boot services).*)$/i,
    sentence: "the kernel's EFI stub failed: $1",
    source: 'Linux drivers/firmware/efi/libstub',
  },
  {
    phase: 'kernel',
    code: 'kernel-load-failed',
    pattern: /^(This kernel requires an? .+ CPU, but only detected an? .+ CPU\.)/,
    sentence: 'the kernel is for another processor: $1',
    source: 'Linux arch/x86/boot/cpu.c',
  },
  {
    phase: 'kernel',
    code: 'initrd-too-big',
    pattern: /\b(Initramfs unpacking failed: write error|initrd extends beyond end of memory)\b/,
    sentence: 'the initrd could not be loaded, it does not fit into memory: $1',
    source: 'Linux init/initramfs.c, arch/x86/kernel/setup.c',
  },
  {
    phase: 'kernel',
    code: 'kernel-panic',
    pattern: /^(?:.*[\]\s])?Kernel panic - not syncing: (.+)$/,
    sentence: 'the kernel panicked: $1',
    source: 'Linux kernel/panic.c',
  },
  {
    phase: 'initrd',
    code: 'stage-1-failed',
    pattern: /\bAn error occurred in stage 1 of the boot process/,
    sentence: 'NixOS stage 1 failed before it could start the system, and waits for a key',
    source: 'nixpkgs nixos/modules/system/boot/stage-1-init.sh',
  },
  {
    phase: 'initrd',
    code: 'stage-1-failed',
    pattern: /\bstage 2 init script \((.+)\) not found/,
    sentence: 'NixOS stage 1 did not find the system to start: $1',
    source: 'nixpkgs nixos/modules/system/boot/stage-1-init.sh',
  },
  {
    phase: 'initrd',
    code: 'initramfs-shell',
    pattern: /^ALERT! +(.+?) does not exist\. +Dropping to a shell!/,
    sentence: 'the initramfs did not find the root file system $1 and stopped at a shell',
    source: 'initramfs-tools scripts/local',
  },
  {
    phase: 'initrd',
    code: 'initramfs-shell',
    pattern: /\b(Unable to find a (?:medium|live file system).*)$/i,
    sentence: 'the live medium was not found: $1',
    source: 'live-boot components/9990-main.sh',
  },
  {
    phase: 'initrd',
    code: 'initramfs-shell',
    pattern: /^\(initramfs\) $/,
    sentence: 'the initramfs gave up and stopped at a shell',
    source: 'initramfs-tools scripts/functions, panic',
    prompt: true,
  },
  {
    phase: 'initrd',
    code: 'dracut-shell',
    pattern: /\b(Entering emergency mode\. Exit the shell to continue\.|dracut: FATAL: .+)/,
    sentence: 'dracut gave up: $1',
    source: 'dracut modules.d/98dracut-systemd/dracut-emergency.sh, modules.d/99base/dracut-lib.sh',
  },
  {
    phase: 'initrd',
    code: 'dracut-shell',
    pattern: /^dracut:\/?\S*# $/,
    sentence: 'dracut gave up and stopped at a shell',
    source: 'dracut modules.d/99base/dracut-lib.sh',
    prompt: true,
  },
  {
    phase: 'initrd',
    code: 'switch-root-failed',
    pattern: /\bFailed to switch root: (.+)$/,
    sentence: 'the initrd could not start the system: $1',
    source: 'systemd src/systemctl/systemctl-switch-root.c, src/core/main.c',
  },
  {
    phase: 'userspace',
    code: 'emergency-mode',
    pattern:
      /\b(?:You are in emergency mode|Reached target (?:emergency\.target(?: - )?)?(?:Emergency Mode))\b/,
    sentence: 'systemd went into emergency mode',
    source: 'systemd units/emergency.service.in, units/emergency.target',
  },
  {
    phase: 'userspace',
    code: 'emergency-mode',
    pattern: /\bCannot open access to console, the root account is locked/,
    sentence: 'systemd went into emergency mode, with root locked out',
    source: 'util-linux login-utils/sulogin.c',
  },
  {
    phase: 'userspace',
    code: 'emergency-mode',
    pattern:
      /^(?:Give root password for (?:maintenance|login)|Press Enter for (?:maintenance|system maintenance))/,
    sentence: 'the system asks for maintenance by hand',
    source: 'util-linux login-utils/sulogin.c',
    prompt: true,
  },
  {
    phase: 'userspace',
    code: 'systemd-froze',
    pattern: /\[!!!!!!\] (.+?)\.?$/,
    sentence: 'systemd gave up: $1',
    source: 'systemd src/core/main.c, src/core/manager.c: EMERGENCY status',
  },
];

/** A failure that was seen. */
export interface FatalSign {
  code: string;
  /** The phase that failed, which may be later than the last that was seen. */
  phase: Phase;
  /** One sentence, for a person. */
  sentence: string;
  /** The line that told it and those before it. */
  evidence: string;
}

const signsIn = (prompt: boolean): FailureSign[] =>
  failureSigns.filter((sign) => (sign.prompt ?? false) === prompt);
const lineSigns = signsIn(false);
const promptSigns = signsIn(true);
/** One expression for all: nearly every line is harmless. */
const anyLineSign = new RegExp(lineSigns.map(({ pattern }) => `(?:${pattern.source})`).join('|'), 'i');
/** Prompts are short, and looked for after each chunk: longer unfinished lines are no prompts. */
const longestPrompt = 80;
const evidenceLines = 12;

/** Recognises a fatal line; null for all others. `evidence` is the line alone. */
export function fatalLine(line: string): FatalSign | null {
  return anyLineSign.test(line) ? recognise(lineSigns, line) : null;
}

/** Recognises a prompt at which a boot is stuck; null for all others. */
export function fatalPrompt(line: string): FatalSign | null {
  return line === '' || line.length > longestPrompt ? null : recognise(promptSigns, line);
}

/** Tells the first fatal thing that a console says, once. */
export class FailureWatcher {
  readonly #listeners = new Set<(sign: FatalSign) => void>();
  #before: string[] = [];
  #failure: FatalSign | null = null;

  /** What was seen; null as long as there is nothing. */
  get failure(): FatalSign | null {
    return this.#failure;
  }

  /** Calls back at the first failure; at once if there was one. */
  onFailure(listener: (sign: FatalSign) => void): () => void {
    if (this.#failure) listener(this.#failure);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks for failures on a console. Returns the way to stop. */
  watch(transcript: Transcript): () => void {
    const offLine = transcript.onLine((line) => this.#read(fatalLine(line), line));
    const offChange = transcript.onChange(() => this.#readPrompt(transcript.line));
    return () => {
      offLine();
      offChange();
    };
  }

  #readPrompt(line: string): void {
    const sign = fatalPrompt(line);
    if (sign) this.#read(sign, line);
  }

  #read(sign: FatalSign | null, line: string): void {
    if (this.#failure) return;
    this.#before.push(line);
    if (this.#before.length > evidenceLines) this.#before.shift();
    if (!sign) return;
    this.#failure = { ...sign, evidence: this.#before.join('\n') };
    for (const listener of this.#listeners) listener(this.#failure);
  }
}

function recognise(signs: readonly FailureSign[], line: string): FatalSign | null {
  for (const { pattern, sentence, code, phase } of signs) {
    const match = pattern.exec(line);
    if (match)
      return { code, phase, sentence: sentence.replace('$1', () => (match[1] ?? '').trim()), evidence: line };
  }
  return null;
}
