import type { FatalSign, SuspiciousSign } from './sign.ts';

const phase = 'kernel';
/** In hexadecimal: bits 3, 5, 15 and all from 22 on are 0, bit 1 is 1 (Intel SDM, volume 1, 3.4.3). */
const possibleFlags = '00[0-3][0-9a-f][0-7][0-9a-f][014589cd][2367]';

/** The Linux kernel, its boot code and its EFI stub; the time stamps of its messages are taken off. */
export const kernelFatal: readonly FatalSign[] = [
  {
    phase,
    code: 'kernel-load-failed',
    pattern: /^ *-- System halted$/,
    sentence: 'the kernel could not unpack itself and halted',
    because: ['kernel-damaged'],
    source: 'Linux arch/x86/boot/compressed/error.c',
  },
  {
    phase,
    code: 'kernel-load-failed',
    pattern:
      /^EFI stub: ERROR: ((?:Failed to (?:load|open|read|alloc|relocate|decompress)|Exit boot services).*)$/i,
    sentence: "the kernel's EFI stub failed: $1",
    source: 'Linux drivers/firmware/efi/libstub',
  },
  {
    phase,
    code: 'kernel-load-failed',
    pattern: /^(This kernel requires an? .+ CPU, but only detected an? .+ CPU\.)/,
    sentence: 'the kernel is for another processor: $1',
    source: 'Linux arch/x86/boot/cpu.c',
  },
  {
    phase,
    code: 'initrd-too-big',
    pattern: /^Initramfs unpacking failed: write error\b/,
    sentence: 'out of memory while unpacking the initrd',
    source: 'Linux init/initramfs.c, do_copy',
  },
  {
    phase,
    code: 'initrd-too-big',
    pattern: /^(?:initrd: )?(initrd extends beyond end of memory\b.*)/,
    sentence: 'out of memory for the initrd: $1',
    source: 'Linux init/do_mounts_initrd.c, arch/x86/kernel/setup.c',
  },
  {
    phase,
    code: 'kernel-panic',
    pattern: /^Kernel panic - not syncing: (System is deadlocked on memory|Out of memory: .+)$/,
    sentence: 'kernel panic: $1',
    elsewhere: { kernel: 'out of memory while unpacking the initrd: kernel panic: $1' },
    source: 'Linux mm/oom_kill.c; before there is an init, the initrd is what takes memory',
  },
  {
    phase,
    code: 'kernel-panic',
    pattern:
      /^Kernel panic - not syncing: (IO-APIC \+ timer doesn't work!|softlockup: hung tasks|hung_task: blocked tasks|Hard LOCKUP|RCU Stall)/,
    sentence: 'kernel panic: $1',
    because: ['oops'],
    byClock: true,
    source:
      'Linux arch/x86/kernel/apic/io_apic.c, check_timer; kernel/watchdog.c, kernel/hung_task.c, kernel/rcu/tree_stall.h',
  },
  {
    phase,
    code: 'kernel-panic',
    pattern: /^Kernel panic - not syncing: (.+)$/,
    sentence: 'kernel panic: $1',
    because: ['no-root-device', 'init-died', 'oops', 'out-of-memory', 'initrd-damaged'],
    source: 'Linux kernel/panic.c',
  },
  {
    phase,
    code: 'kernel-panic',
    pattern: /^---\[ end Kernel panic - not syncing: (.+?)(?: \]---|$)/,
    sentence: 'kernel panic: $1',
    because: ['no-root-device', 'init-died', 'oops', 'out-of-memory', 'initrd-damaged'],
    source: "Linux kernel/panic.c, the panic's last line: what a screen shows once the first has gone",
  },
  {
    phase,
    code: 'emulation-fault',
    pattern: new RegExp(`\\b(EFLAGS: (?!${possibleFlags}\\b)[0-9a-f]{8})$`),
    sentence:
      "the emulated processor had flags that no processor can have, $1: QEMU's fault, not the image's",
    hostHint:
      'Seen once in some hundred boots with the TCG of QEMU 7.2; a newer QEMU, or KVM, may do better.',
    source: 'Linux arch/x86/kernel/process_64.c, __show_regs',
  },
  {
    phase,
    code: 'system-halted',
    pattern: /^reboot: System halted$/,
    sentence: 'the guest halted itself',
    source: 'Linux kernel/reboot.c, kernel_halt',
  },
];

/** What the kernel prints after all else of a panic: a copy of its first line alone is none. */
export const panicEnds = /^(?:---\[ end Kernel panic - not syncing: |Rebooting in \d+ seconds\.\.)/;

export const kernelSuspicious: readonly SuspiciousSign[] = [
  {
    phase,
    code: 'kernel-damaged',
    pattern:
      /^(\S+-compressed data is corrupt|Out of memory while allocating .+|Destination (?:address|buffer) .+|Kernel is not a valid ELF file)$/i,
    clause: '$1',
    source: 'Linux arch/x86/boot/compressed/misc.c, lib/decompress_*.c: the words above `-- System halted`',
  },
  {
    phase,
    code: 'initrd-damaged',
    pattern: /^Initramfs unpacking failed: (?!write error)(.+)$/,
    clause: 'the initrd could not be unpacked: $1',
    source: 'Linux init/initramfs.c; also of padding that does no harm',
  },
  {
    phase,
    code: 'no-root-device',
    pattern: /^(?:VFS: Cannot open root device "?([^" ]+)"? or |Waiting for root device (\S+?)\.\.\.)/,
    clause: 'no root device `$1`',
    source: 'Linux init/do_mounts.c',
  },
  {
    phase,
    code: 'init-died',
    pattern:
      /^(?:Failed to execute (.+ \(error -\d+\))|(?:init|systemd)\[1\]: (segfault at .+|unhandled .+))$/,
    clause: 'init: $1',
    source: 'Linux init/main.c, arch/*/mm/fault.c',
  },
  {
    phase,
    code: 'oops',
    pattern:
      /^(?:watchdog: )?(BUG: .+|kernel BUG at .+|Oops: .+|general protection fault.*|Unable to handle kernel .+|Internal error: .+)$/,
    clause: 'the kernel reported $1',
    source:
      'Linux lib/bug.c, kernel/watchdog.c, arch/*/mm/fault.c, arch/*/kernel/traps.c: soft lockups among them',
  },
  {
    phase,
    code: 'oops',
    pattern: /^(?:NMI )?watchdog: (?:\S+: )?(Watchdog detected hard LOCKUP on cpu \d+)/,
    clause: 'the kernel reported $1',
    source: 'Linux kernel/watchdog.c',
  },
  {
    phase,
    code: 'hung-task',
    pattern: /^INFO: (task .+ blocked for more than \d+ seconds)/,
    clause: 'the kernel reported $1',
    source: 'Linux kernel/hung_task.c',
  },
  {
    phase,
    code: 'rcu-stall',
    pattern:
      /^(?:rcu: )?INFO: (\w+ (?:self-detected stall on CPU|detected (?:expedited )?stalls on CPUs\/tasks))/,
    clause: 'the kernel reported $1',
    source: 'Linux kernel/rcu/tree_stall.h',
  },
  {
    phase,
    code: 'out-of-memory',
    pattern: /^Out of memory(?: \(oom_kill_allocating_task\))?: Kill(?:ed)? process \d+ \((.+?)\)/,
    clause: 'out of memory, the kernel killed $1',
    source: 'Linux mm/oom_kill.c',
  },
  {
    phase,
    code: 'io-error',
    pattern:
      /^(?:blk_update_request: )?((?:critical )?(?:I\/O|medium|target) error, dev \S+|Buffer I\/O error on dev\w* \S+|EXT4-fs error \(.+?\)|SQUASHFS error: .+|BTRFS (?:error|critical) .+|XFS \(.+?\): .*(?:[Cc]orrupt|error).*)/,
    clause: 'the kernel reported $1',
    source: 'Linux block/blk-core.c, fs/*',
  },
];
