import { describe, expect, it } from 'vitest';
import { findFatalPrompt, findSigns } from './recognise.ts';
import { fatalSigns, suspiciousSigns } from './index.ts';

describe('fatal signs', () => {
  it.each([
    [
      '[    3.814308][    T1] Kernel panic - not syncing: Attempted to kill init!',
      'kernel-panic',
      'Attempted to kill init!',
    ],
    ['Kernel panic - not syncing: no time stamps', 'kernel-panic', 'no time stamps'],
    ['[  OK  ] Started x[    3.814308] Kernel panic - not syncing: torn', 'kernel-panic', 'torn'],
    [
      '---[ end Kernel panic - not syncing: VFS: Unable to mount root fs ]---',
      'kernel-panic',
      'VFS: Unable to mount root fs',
    ],
    ['[  100.000000] reboot: System halted', 'system-halted', ''],
    ['error: out of memory.', 'grub-failed', 'out of memory'],
    [
      'Could not boot: Exec format error (http://ipxe.org/2e852001)',
      'ipxe-failed',
      'Exec format error (http://ipxe.org/2e852001)',
    ],
    ['ALERT!  UUID=1234 does not exist.  Dropping to a shell!', 'initramfs-shell', 'UUID=1234'],
    ['GRUB Hard Disk Error', 'grub-failed', 'Hard Disk Error'],
    ['Missing operating system', 'no-bootable-device', 'Missing operating system'],
    [' -- System halted', 'kernel-load-failed', ''],
    ['### ERROR ### Please RESET the board ###', 'u-boot-failed', '### ERROR ### Please RESET the board ###'],
    [
      '!!!! X64 Exception Type - 0D(#GP - General Protection)  CPU Apic ID - 00000000 !!!!',
      'firmware-crashed',
      'X64 Exception Type - 0D(#GP - General Protection)',
    ],
    ['[  OK  ] Reached target emergency.target - Emergency Mode.', 'emergency-mode', ''],
    ['Enter root password for system maintenance', 'emergency-mode', ''],
    ['Press Enter for system maintenance', 'emergency-mode', ''],
    ['Give root password for maintenance', 'emergency-mode', ''],
    [
      'error: commands/boot.c:grub_cmd_boot:196:you need to load the kernel first.',
      'grub-failed',
      'you need to load the kernel first',
    ],
    [
      'error: kern/efi/sb.c:shim_lock_verifier_init:212:bad shim lock signature.',
      'grub-failed',
      'bad shim lock signature',
    ],
    [
      '../src/boot/boot.c:3466@run: No loader found. Configuration files in \\loader\\entries\\*.conf are needed.',
      'systemd-boot-failed',
      '',
    ],
    ['[    9.2] x', null, ''],
    [
      "Failed to switch root: Specified switch root path '/sysroot' does not seem to be an OS tree.",
      'switch-root-failed',
      "Specified switch root path '/sysroot' does not seem to be an OS tree.",
    ],
  ])('%s', (line, code, detail) => {
    const found = findSigns(line)?.fatal;
    expect(found?.sign.code ?? null).toBe(code);
    expect(found?.detail ?? '').toBe(detail);
  });

  it.each([
    'grub> ',
    'grub rescue> ',
    'iPXE> ',
    '=> ',
    '(initramfs) ',
    'dracut:/# ',
    '(or press Control-D to continue): ',
    'Press Enter for login: ',
    'Enter root password for login: ',
  ])('%j is a prompt at which a boot is stuck', (line) => {
    expect(findFatalPrompt(line)).not.toBe(null);
  });

  it.each(['[root@nixos:~]# ', 'nixos login: ', 'echo "grub> ', ''])('%j is no such prompt', (line) => {
    expect(findFatalPrompt(line)).toBe(null);
  });

  it.each([
    '[    0.000000] Command line: panic=30 boot.panic_on_fail',
    '[    3.817262] ---[ end trace ]---',
    '[  100.000000] reboot: Power down',
    'Boot failed: not a bootable disk',
    'BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM": Not Found',
    "error: file `/boot/grub/x' not found.",
    '[FAILED] Failed to start Virtual Console Setup.',
    '[  OK  ] Stopped target Emergency Mode.',
    'Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b)',
    'grep: "Kernel panic - not syncing"',
    '[  !!  ] Forcibly rebooting: Ctrl-Alt-Del was pressed more than 7 times within 2s, proceeding in 5s',
    '[   30.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [x:1]',
    '[   30.000000] Out of memory: Killed process 12 (nix) total-vm:1kB',
  ])('%s is not fatal', (line) => {
    expect(findSigns(line)?.fatal ?? null).toBe(null);
  });
});

describe('suspicions', () => {
  it.each([
    ['[   22.0] x', null, ''],
    [
      '[   22.727193] INFO: rcu_sched self-detected stall on CPU',
      'rcu-stall',
      'rcu_sched self-detected stall on CPU',
    ],
    [
      '[13059.632827] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
      'rcu-stall',
      'rcu_preempt detected stalls on CPUs/tasks',
    ],
    [
      '[  242.000000] INFO: task kworker/u4:1:30 blocked for more than 120 seconds.',
      'hung-task',
      'task kworker/u4:1:30 blocked for more than 120 seconds',
    ],
    [
      '[   95.974379] watchdog: Watchdog detected hard LOCKUP on cpu 3',
      'oops',
      'Watchdog detected hard LOCKUP on cpu 3',
    ],
    [
      '[    4.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000',
      'oops',
      'BUG: kernel NULL pointer dereference, address: 0000000000000000',
    ],
    [
      '[   30.000000] Out of memory: Killed process 12 (nix) total-vm:1kB, anon-rss:1kB',
      'out-of-memory',
      'nix',
    ],
    [
      '[   30.000000] I/O error, dev sda, sector 2048 op 0x0:(READ) flags 0x0',
      'io-error',
      'I/O error, dev sda,',
    ],
    [
      'tftp://10.0.2.2/x... No such file or directory (http://ipxe.org/2d03e13b)',
      'ipxe-error',
      'No such file or directory (http://ipxe.org/2d03e13b)',
    ],
    [
      '[   **  ] A start job is running for /dev/disk/by-label/x (11s / 1min 30s)',
      'waiting',
      '/dev/disk/by-label/x',
    ],
    ['[*     ] Job patience.service/start running (1min 3s / no limit)', 'waiting', 'patience.service'],
    [
      '[    **] Job initrd-nixos-activation.service/start running (6s / no limit)',
      'waiting',
      'initrd-nixos-activation.service',
    ],
    [
      '[  *** ] (2 of 2) Job systemd-timesyncd.service/stop running (24s / 1min 39s)',
      'waiting',
      'systemd-timesyncd.service',
    ],
    ['[   ***] A reload job is running for Foo (24s / 1min 39s)', 'waiting', 'Foo'],
    [
      '[***   ] (1 of 2) Job initrd-find-nixos-clos…ice/start running (24s / no limit)',
      'waiting',
      'initrd-find-nixos-clos…ice',
    ],
    ['[FAILED] Failed unmounting srv.mount - /srv.', 'unit-failed', '/srv'],
    ['[FAILED] Failed to activate swap dev-vda2.swap - /dev/vda2.', 'unit-failed', '/dev/vda2'],
    ['[ TIME ] Timed out unmounting /srv.', 'unit-failed', '/srv'],
    [
      '[ASSERT] Assertion failed for initrd-switch-root.service - Switch Root.',
      'unit-failed',
      'initrd-switch-root.service',
    ],
    [
      '[  !!  ] Forcibly powering off: Job timed out, proceeding in 5s',
      'emergency-action',
      'Forcibly powering off: Job timed out',
    ],
    ['[  !!  ] This OS version (NixOS 24.05) is past its end-of-support date (2024-12-31)', null, ''],
    ['error: kern/fs.c:grub_fs_probe:121:unknown filesystem.', 'grub-error', 'unknown filesystem'],
    ["error: fs/fshelp.c:257: file `/x' not found.", 'grub-error', "file `/x' not found"],
    ['error: commands/boot.c:grub_cmd_boot:196:you need to load the kernel first.', null, ''],
    ['Bad kernel image: Load error', 'systemd-boot-error', 'Bad kernel image: Load error'],
    [
      '../src/boot/boot.c:3024@call_image_start: Error loading EFI binary \\vmlinuz: Unsupported',
      'systemd-boot-error',
      'Error loading EFI binary \\vmlinuz: Unsupported',
    ],
    [
      '../src/boot/linux.c:100@linux_exec: Bad kernel image: Load error',
      'systemd-boot-error',
      'Bad kernel image: Load error',
    ],
    ['Unsupported kernel image.', 'systemd-boot-error', 'Unsupported kernel image.'],
    ['dracut Warning: "/dev/disk/by-label/gone" does not exist', 'missing-device', '/dev/disk/by-label/gone'],
    [
      String.raw`[   37.110164] systemd[1]: dev-disk-by\x2dlabel-absent.device: Job dev-disk-by\x2dlabel-absent.device/start failed with result 'timeout'.`,
      'missing-device',
      '/dev/disk/by-label/absent',
    ],
    [
      'dracut-initqueue[380]: Warning: /dev/disk/by-label/gone does not exist',
      'missing-device',
      '/dev/disk/by-label/gone',
    ],
    [
      '[   51.000000] initrd-find-nixos-closure-start[160]: No init= parameter on the kernel command line',
      'no-init',
      'No init= parameter on the kernel command line',
    ],
    [
      'BdsDxe: failed to load Boot0002 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x6,0x0): Access Denied -- rejected probably by Secure Boot',
      'loader-failed',
      '"UEFI Misc Device": Access Denied -- rejected probably by Secure Boot',
    ],
    [
      'BdsDxe: failed to start Boot0001 "UEFI PXEv4 (MAC:525400123456)" from PciRoot(0x0)/Pci(0x5,0x0)/MAC(525400123456,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0): 0000007F',
      'loader-failed',
      '"UEFI PXEv4 (MAC:525400123456)": 0000007F',
    ],
    ['[    8.5] systemd[1]: Failed to mount sysroot.mount - /sysroot.', null, ''],
    ['[    8.500000] systemd[1]: Failed to mount sysroot.mount - /sysroot.', 'unit-failed', '/sysroot'],
  ])('%s', (line, code, detail) => {
    const found = findSigns(line)?.suspicious;
    expect(found?.sign.code ?? null).toBe(code);
    expect(found?.detail ?? '').toBe(detail);
  });
});

describe('the tables', () => {
  it('name a source for each text, and only suspicions that exist', () => {
    for (const { source } of [...fatalSigns, ...suspiciousSigns]) expect(source).not.toBe('');
    const codes = new Set(suspiciousSigns.map(({ code }) => code));
    for (const { because = [] } of fatalSigns) for (const code of because) expect(codes).toContain(code);
  });

  it('cost the same for any character: a hostile line takes no longer than a harmless one, by orders of magnitude', () => {
    const hostile = [
      '"',
      ' failed',
      '[    1.000000] ',
      'a: A: ',
      'error: ',
      'A start job is running for ',
      '.... ',
    ].flatMap((text) =>
      ['', 'BdsDxe: failed to load ', 'mount: ', 'error: ', '[    1.000000] '].map((start) =>
        (start + text.repeat(4096)).slice(0, 4096),
      ),
    );
    const harmless = 'x'.repeat(4096);
    const milliseconds = (line: string): number => {
      const began = performance.now();
      for (let round = 0; round < 20; round++) {
        findSigns(line);
      }
      return performance.now() - began;
    };
    milliseconds(harmless);
    const base = Math.max(milliseconds(harmless), 1);
    for (const line of hostile) expect(milliseconds(line) / base, line.slice(0, 60)).toBeLessThan(500);
  });
});
