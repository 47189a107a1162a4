import type { FatalSign, SuspiciousSign } from './sign.ts';

const phase = 'bootloader';

/** iPXE, GRUB, SYSLINUX and its kin, systemd-boot, U-Boot. */
export const bootloaderFatal: readonly FatalSign[] = [
  {
    phase,
    code: 'ipxe-failed',
    pattern: /^No more network devices$/,
    sentence: 'iPXE tried every network device and booted from none',
    because: ['ipxe-error'],
    source: 'iPXE src/usr/autoboot.c',
  },
  {
    phase,
    code: 'ipxe-failed',
    pattern: /^Could not boot(?: image)?: (.+)$/,
    sentence: 'iPXE could not boot: $1',
    source: 'iPXE src/usr/autoboot.c, uriboot; src/usr/imgmgmt.c',
  },
  {
    phase,
    code: 'ipxe-prompt',
    pattern: /^iPXE> ?$/,
    sentence: 'stuck in iPXE at `iPXE>`',
    because: ['ipxe-error'],
    source: 'iPXE src/hci/shell.c',
    prompt: true,
  },
  {
    phase,
    code: 'grub-rescue',
    pattern: /^grub rescue> ?$/,
    sentence: 'stuck in GRUB at `grub rescue>`',
    because: ['grub-error'],
    source: 'GRUB grub-core/kern/rescue_reader.c',
    prompt: true,
  },
  {
    phase,
    code: 'grub-rescue',
    pattern: /^Entering rescue mode\.\.\.$/,
    sentence: 'stuck in GRUB at `grub rescue>`',
    because: ['grub-error'],
    source: 'GRUB grub-core/kern/rescue_reader.c',
  },
  {
    phase,
    code: 'grub-prompt',
    pattern: /^grub> ?$/,
    sentence: 'stuck in GRUB at `grub>`, its command line: it found no configuration to boot by',
    because: ['grub-error'],
    source: 'GRUB grub-core/normal/main.c',
    prompt: true,
  },
  {
    phase,
    code: 'grub-failed',
    pattern: /^GRUB GRUB GRUB\b/,
    sentence: "GRUB's boot sector starts itself again and again: what it loads is no core of GRUB's",
    source: 'GRUB grub-core/boot/i386/pc/boot.S, with zeros behind it on the disk',
    prompt: true,
  },
  {
    phase,
    code: 'grub-failed',
    pattern: /^GRUB ((?:Geom|Read|Hard Disk|Floppy) Error)/,
    sentence: "GRUB's boot sector could not read the disk: $1",
    source: 'GRUB grub-core/boot/i386/pc/boot.S',
  },
  {
    phase,
    code: 'grub-failed',
    pattern:
      /^error: (?:\S+:\d+:)?((?:you need to load the kernel first|out of memory|.*bad shim (?:loader |lock )?signature)\b.*?)\.?$/,
    sentence: 'GRUB could not load the system: $1',
    because: ['grub-error'],
    source: 'GRUB grub-core/loader, grub-core/kern/mm.c, grub-core/kern/efi/sb.c',
  },
  {
    phase,
    code: 'grub-failed',
    pattern: /^ *Failed to boot both default and fallback entries\.$/,
    sentence: 'GRUB could boot neither the default nor the fallback entry',
    because: ['grub-error'],
    source: 'GRUB grub-core/normal/menu.c',
  },
  {
    phase,
    code: 'grub-failed',
    pattern: /^Aborted\. Press any key to exit\.$/,
    sentence: 'GRUB gave up',
    because: ['grub-error'],
    source: 'GRUB grub-core/kern/misc.c, grub_abort',
  },
  {
    phase,
    code: 'isolinux-failed',
    pattern: /isolinux: (.*(?:error|missing|corrupt|not found).*)$/i,
    sentence: 'ISOLINUX could not read the medium: $1',
    source: 'SYSLINUX core/isolinux.asm',
  },
  {
    phase,
    code: 'isolinux-failed',
    pattern:
      /^((?:Could not find kernel image|No DEFAULT or UI configuration directive found|(?:ERROR|WARNING): No configuration file found|Failed to load (?:ldlinux\.c32|COM32 file)|Boot failed: press a key to retry|Booting kernel failed|Not enough memory to load specified image)\b.*)$/,
    sentence: 'SYSLINUX could not load the system: $1',
    source: 'SYSLINUX core, com32/elflink/ldlinux',
  },
  {
    phase,
    code: 'isolinux-failed',
    pattern: /^Loading (\S+)\.\.\. *failed/,
    sentence: 'SYSLINUX could not load $1',
    source: 'SYSLINUX com32/elflink/ldlinux/kernel.c',
  },
  {
    phase,
    code: 'systemd-boot-failed',
    pattern: /^(?:\S+:\d+@\w+: )?No loader found\. Configuration files in .+ are needed\./,
    sentence: 'systemd-boot found nothing to boot',
    source: 'systemd src/boot/efi/boot.c',
  },
  {
    phase,
    code: 'systemd-boot-failed',
    pattern: /^ *Reboot Into Firmware Interface *$/,
    previous: /^BdsDxe: starting Boot/,
    sentence:
      'the bootloader found nothing to boot: systemd-boot has no entry but the way back to the firmware',
    source: 'systemd src/boot/efi/boot.c, its menu, where that entry comes last',
  },
  {
    phase,
    code: 'u-boot-failed',
    pattern:
      /^(### ERROR ### Please RESET the board ###|Wrong Image Format for boot\w* command|Bad Linux ARM64 Image magic!)/,
    sentence: 'U-Boot could not start the kernel: $1',
    because: ['u-boot-error'],
    source: 'U-Boot lib/hang.c, boot/bootm.c, arch/arm/lib/image.c',
  },
  {
    phase,
    code: 'u-boot-failed',
    pattern: /^"?(Synchronous Abort|Error|Irq)"? handler, esr 0x/i,
    sentence: 'U-Boot crashed: $1',
    source: 'U-Boot arch/arm/lib/interrupts_64.c',
  },
  {
    phase,
    code: 'u-boot-prompt',
    pattern: /^=> ?$/,
    sentence: 'stuck in U-Boot at `=>`, its command line',
    because: ['u-boot-error'],
    source: 'U-Boot common/cli_readline.c, CONFIG_SYS_PROMPT',
    prompt: true,
  },
];

export const bootloaderSuspicious: readonly SuspiciousSign[] = [
  {
    phase,
    code: 'loader',
    pattern:
      /^(?:(iPXE) (?:\d|\(PCI .* starting|initiali[sz]ing)|Welcome to (GRUB)!|GNU (GRUB) +version|((?:ISO|SYS|EXT|PXE)LINUX) \d)/,
    clause: 'after $1 had run',
    source: 'the banners that each prints first',
    latest: true,
    explainsOnly: true,
  },
  {
    phase,
    code: 'loader',
    pattern: /^ *Boot in \d+ ?s\.|^ *Reboot Into Firmware Interface\b/,
    clause: 'after systemd-boot had run',
    source: 'systemd src/boot/efi/boot.c, its menu: it has no banner',
    latest: true,
    explainsOnly: true,
  },
  {
    phase,
    code: 'grub-error',
    pattern:
      /^error: (?!(?:\S+:\d+: ?)?you need to load the kernel first)(?:[\w./-]+(?::\w+)?:\d+: ?)?(.+?)\.?(?:error: .*)?$/,
    clause: '$1',
    source:
      'GRUB grub-core/kern/err.c, grub_print_error; since 2.12 with file and line, since 2.14 with the function',
  },
  {
    phase,
    code: 'ipxe-error',
    pattern: /^(?:.*\.\.\. )?(.+ \(https?:\/\/ipxe\.org\/[0-9a-f]{8}\))$/,
    clause: 'iPXE said $1',
    source: 'iPXE src/core/errno.c, strerror',
  },
  {
    phase,
    code: 'systemd-boot-error',
    pattern:
      /^(?:\S+:\d+@\w+: )?((?:Error|Failed|Bad kernel image:|Cannot (?:get|make|read)|Unable to (?:boot|locate|open)) .+|Unsupported kernel image\.|Kernel (?:too old|is not relocatable|does not support EFI handover protocol)\.|Image lacks \.linux section\.)$/,
    clause: 'systemd-boot said $1',
    source: 'systemd src/boot, log_error_status; with its place in the source since 254',
  },
  {
    phase,
    code: 'u-boot-error',
    pattern:
      /^(Boot failed \(err=.+\)|SCRIPT FAILED: .+|ERROR: .+|No more bootdevs|resetting \.\.\.|\*\* .+ \*\*)$/,
    clause: 'U-Boot says $1',
    source: 'U-Boot cmd/bootflow.c, boot/bootm.c, drivers/sysreset',
  },
];
