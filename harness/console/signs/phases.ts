import { type Phase, phases as phaseOrder } from '../../events.ts';
import { anyOf } from './prefilter.ts';
import { readLines } from '../serial/transcript-lines.ts';
import type { Transcript } from '../serial/transcript.ts';

/** A text by which a phase is told from a console. */
interface PhaseSign {
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
    pattern: /^iPXE [\d.]+\S* -- Open Source Network Boot Firmware/,
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
  { phase: 'bootloader', pattern: /^ *Boot in \d+ s\.$/, source: 'systemd src/boot/boot.c' },
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
    source: 'systemd src/core/main.c with the initrd-release of dracut, mkosi, NixOS',
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
    pattern: /\bsystemd-journald\[\d+\]: Received SIGTERM from PID 1 \(systemd/,
    source: "systemd src/core/main.c: the last that an initrd's systemd does before the system's init runs",
  },
  { phase: 'userspace', pattern: /^INIT: version \S+ booting/, source: 'sysvinit src/init.c' },
  { phase: 'userspace', pattern: /\bOpenRC \S+ is starting up/, source: 'OpenRC src/rc/rc.c' },

  {
    phase: 'login',
    pattern: /^<<< Welcome to .+ - tty\S+ >>>/,
    source: 'nixpkgs nixos/modules/services/ttys/getty.nix, greetingLine',
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

/** A getty that asks for a name: an unfinished line, `nixos login: `. */
export const loginPrompt = /\blogin: ?$/i;
/** `login` asking for a password. */
export const passwordPrompt = /\bpassword: ?$/i;
/** The unfinished lines that shells end with `$ ` or `# `; no bootloader's or firmware's prompt does. */
export const shellPrompt = /[$#] ?$/;

/** The first words of a firmware and of a kernel. */
const beginnings =
  /^(?:\[ {4}0\.000000\](?:\[ *[CT]\d+\])? )?(SeaBIOS \(version |UEFI firmware \(version |Linux version \d)/;

export interface PhaseSeen {
  phase: Phase;
  /** Seconds since the tracker was made, which is power-on. */
  seconds: number;
  /** The line that told it. */
  evidence: string;
}

const rank = new Map(phaseOrder.map((phase, index) => [phase, index] as const));
const rankOf = (phase: Phase | null): number => (phase === null ? -1 : (rank.get(phase) ?? -1));

/**
 * Follows a boot through its phases, forward only: a phase that was passed over or seen before is not told again. Where
 * the machine is reset, its phases begin anew, and none is told that was told before.
 */
export class PhaseTracker {
  /** Seconds at which each phase was first seen. */
  readonly seconds: Partial<Record<Phase, number>> = {};
  readonly #now: () => number;
  readonly #listeners = new Set<(seen: PhaseSeen) => void>();
  readonly #stepListeners = new Set<() => void>();
  readonly #rebootListeners = new Set<(reached: Phase) => void>();
  readonly #onSerial = new Set<Phase>();
  /** The beginnings that were seen since the machine was last reset. */
  readonly #begun = new Set<string>();
  #current: Phase | null = null;
  #here: Phase | null = null;
  #ahead: PhaseSign[] = [];
  #isAnyAhead = anyOf([]);

  /** @param now seconds since power-on. @default seconds since the tracker was made */
  constructor(now?: () => number) {
    const began = performance.now();
    this.#now = now ?? (() => (performance.now() - began) / 1000);
    this.#lookAhead();
  }

  /** The furthest phase; null until something was seen. */
  get current(): Phase | null {
    return this.#current;
  }

  /** The furthest phase since the machine was last reset. */
  get here(): Phase | null {
    return this.#here;
  }

  /** Whether this phase's own words were seen on serial; it may also be known some other way. */
  isOnSerial(phase: Phase): boolean {
    return this.#onSerial.has(phase);
  }

  /** Whether the system speaks on serial: its kernel may be told to be quiet, and the others are not. */
  get isSystemOnSerial(): boolean {
    return (['kernel', 'initrd', 'userspace', 'login'] as const).some((phase) => this.isOnSerial(phase));
  }

  /** Whether nothing at all was told by serial. */
  get isSilent(): boolean {
    return this.#onSerial.size === 0;
  }

  onPhase(listener: (seen: PhaseSeen) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back at each step forward, also at those of a boot after the first. */
  onStep(listener: () => void): () => void {
    this.#stepListeners.add(listener);
    return () => this.#stepListeners.delete(listener);
  }

  /** Calls back when the machine was reset, with how far it had come. */
  onReboot(listener: (reached: Phase) => void): () => void {
    this.#rebootListeners.add(listener);
    return () => this.#rebootListeners.delete(listener);
  }

  /** Reads the phases off a console. Returns the way to stop. */
  watch(transcript: Transcript): () => void {
    return readLines(transcript, {
      onLine: (line) => this.readLine(line),
      onPrompt: (line) => this.#readPrompt(line),
    });
  }

  /** Takes one clean line. */
  readLine(line: string): void {
    this.#readBeginning(line);
    const sign = this.#signOf(line);
    if (sign === undefined) return;
    const { phase, byFirmware = false } = sign;
    if (!byFirmware) this.#onSerial.add(phase);
    else if (phase === this.#here) return;
    this.#advance(phase, line);
  }

  /** Takes one line of the virtual screen, on which a boot may speak that is silent on serial. */
  readScreen(line: string): void {
    const phase = this.#signOf(line)?.phase;
    if (phase !== undefined) this.reached(phase, `on the screen: ${line}`);
  }

  /** Tells a phase that was learned elsewhere: a shell by a command's answer, userspace by a port that is open. */
  reached(phase: Phase, evidence: string): void {
    if (rankOf(phase) > rankOf(this.#here)) this.#advance(phase, evidence);
  }

  /** The machine was reset. */
  rebooted(): void {
    const reached = this.#here ?? 'firmware';
    this.#here = 'firmware';
    this.#begun.clear();
    this.#lookAhead();
    for (const listener of this.#stepListeners) listener();
    for (const listener of this.#rebootListeners) listener(reached);
  }

  /** Nothing begins twice in one boot, so the machine began anew without a reset that QEMU would tell of. */
  #readBeginning(line: string): void {
    const beginning = this.#here === 'shell' ? undefined : beginnings.exec(line)?.[1];
    if (beginning === undefined) return;
    if (this.#begun.has(beginning)) this.rebooted();
    this.#begun.add(beginning);
  }

  #signOf(line: string): PhaseSign | undefined {
    if (!this.#isAnyAhead(line)) return undefined;
    // The furthest sign wins: a kernel's line may tell of the initrd.
    return this.#ahead.findLast(({ pattern }) => pattern.test(line));
  }

  #readPrompt(line: string): void {
    if (rankOf(this.#here) >= rankOf('login') || !line.endsWith(': ') || !loginPrompt.test(line)) return;
    this.#onSerial.add('login');
    this.#advance('login', line);
  }

  #advance(phase: Phase, evidence: string): void {
    this.#here = phase;
    this.#lookAhead();
    if (rankOf(phase) > rankOf(this.#current)) {
      this.#current = phase;
      const seconds = this.#now();
      this.seconds[phase] = seconds;
      for (const listener of this.#listeners) listener({ phase, seconds, evidence: evidence.trim() });
    }
    for (const listener of this.#stepListeners) listener();
  }

  /** Signs of the phase itself count as long as it is known from elsewhere only. */
  #lookAhead(): void {
    const here = rankOf(this.#here);
    this.#ahead = phaseSigns.filter(
      ({ phase }) => rankOf(phase) > here || (phase === this.#here && !this.#onSerial.has(phase)),
    );
    this.#isAnyAhead = anyOf(this.#ahead.map(({ pattern }) => pattern));
  }
}
