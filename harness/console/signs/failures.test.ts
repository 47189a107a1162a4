import { describe, expect, it } from 'vitest';
import { FailureWatcher } from './failures.ts';
import { PhaseTracker } from './phases.ts';
import { Scroll } from '../screen/scroll.ts';
import { Transcript } from '../serial/transcript.ts';

/** A console that says this, read as a cell reads it. */
function hear(text: string) {
  const phases = new PhaseTracker();
  const watcher = new FailureWatcher(phases);
  const transcript = new Transcript();
  phases.watch(transcript);
  watcher.watch(transcript);
  const say = (more: string): void => transcript.append(Buffer.from(more.replaceAll('\n', '\r\n')));
  say(text);
  return { phases, watcher, say };
}
const reason = (text: string): string | undefined => hear(text).watcher.failure?.sentence;

describe('reasons', () => {
  it.each([
    [
      'Booting initrd of X.\n[  !!  ] Forcibly powering off: Job timed out, proceeding in 5s\n' +
        'Press Enter for system maintenance\n',
      'initrd: emergency shell, systemd said Forcibly powering off: Job timed out',
    ],
    [
      'Booting initrd of NixOS 26.11 (Zokor) (Initrd).\n' +
        '[    5.000000] initrd-find-nixos-closure-start[160]: No init= parameter on the kernel command line\n' +
        'You are in emergency mode. After logging in, type "journalctl -xb" to view\n',
      'initrd: emergency shell, No init= parameter on the kernel command line',
    ],
    [
      'Welcome to GRUB!\n\nerror: no such device: 0f5c-11.\nEntering rescue mode...\ngrub rescue> ',
      'stuck in GRUB at `grub rescue>`, no such device: 0f5c-11',
    ],
    [
      "error: fs/fshelp.c:257:file `/bzImage' not found.\nerror: loader/i386/linux.c:1190:you need to load the kernel first.\n",
      "GRUB could not load the system: you need to load the kernel first, file `/bzImage' not found",
    ],
    [
      'Boot failed: could not read the boot disk\n\nNo bootable device.\n',
      'firmware found nothing to boot, could not read the boot disk',
    ],
    [
      'BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM QM00005 " from PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x2): Not Found\nUEFI Interactive Shell v2.2\n',
      'firmware found nothing to boot and started the UEFI shell, could not start "UEFI QEMU DVD-ROM QM00005": Not Found',
    ],
    [
      'BdsDxe: starting Boot0001 "x" from y\n   Reboot Into Firmware Interface   \n',
      'the bootloader found nothing to boot: systemd-boot has no entry but the way back to the firmware',
    ],
    [
      'BdsDxe: starting Boot0001 "x" from y\n NixOS \n   Reboot Into Firmware Interface   \n  Boot in 1 s.\n../src/boot/boot.c:2572@image_start: Error preparing initrd: Not found\nBdsDxe: failed to start Boot0001 "x" from y: Not Found\nBdsDxe: No bootable option or device was found.\n',
      'firmware found nothing to boot, after systemd-boot had run, systemd-boot said Error preparing initrd: Not found, could not start "x": Not Found',
    ],
    [
      '[    3.1] x\n[    3.800000] VFS: Cannot open root device "sda1" or unknown-block(0,0): error -6\n[    3.814308] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n',
      'kernel panic: VFS: Unable to mount root fs on unknown-block(0,0), no root device `sda1`',
    ],
    ['[    2.000000] Initramfs unpacking failed: write error\n', 'out of memory while unpacking the initrd'],
    [
      '[    1.204313] Run /init as init process\nWarning: /dev/disk/by-label/nixos does not exist\n\nEntering emergency mode. Exit the shell to continue.\n',
      'initrd: emergency shell, waiting for /dev/disk/by-label/nixos',
    ],
    [
      '[    1.204313] Run /init as init process\n[ TIME ] Timed out waiting for device dev-disk-by\\x2dlabel-nixos.device - /dev/disk/by-label/nixos.\n[DEPEND] Dependency failed for sysroot.mount - /sysroot.\nYou are in emergency mode. After logging in, type "journalctl -xb"\n',
      'initrd: emergency shell, waiting for /dev/disk/by-label/nixos',
    ],
    [
      'Welcome to NixOS 25.05 (Warbler)!\n[FAILED] Failed to start foo.service - Foo.\n[FAILED] Failed to mount /boot.\n[DEPEND] Dependency failed for Local File Systems.\nYou are in emergency mode.\n',
      'systemd: emergency mode, failed units foo.service, /boot',
    ],
    [
      '<<< NixOS Stage 1 >>>\nTimed out waiting for device /dev/root, trying to mount anyway.\nAn error occurred in stage 1 of the boot process, which must mount the\n',
      'initrd: NixOS stage 1 failed and waits for a key, waiting for /dev/root',
    ],
    [
      'Welcome to X!\n' +
        'nixos login: nixos (automatic login)\nlogin: no shell: Permission denied\n'.repeat(4),
      'login loops: nixos was logged in by itself again and again, and no shell stayed, no shell: Permission denied',
    ],
  ])('%j', (text, sentence) => {
    expect(reason(text)).toBe(sentence);
  });
});

describe('the phase that failed', () => {
  it('of an emergency mode is the one that the boot is in', () => {
    const emergency = 'You are in emergency mode.\n';
    expect(hear(`<<< NixOS Stage 1 >>>\n${emergency}`).watcher.failure?.phase).toBe('initrd');
    expect(hear(`Welcome to X!\n${emergency}`).watcher.failure?.phase).toBe('userspace');
  });

  it('is the initrd where a quiet systemd speaks of /sysroot first', () => {
    const { watcher } = hear('[DEPEND] Dependency failed for /sysroot.\nYou are in emergency mode.\n');
    expect(watcher.failure?.phase).toBe('initrd');
  });
});

describe('the watcher', () => {
  it('tells the first failure once, with the lines before it', () => {
    const { watcher, say } = hear('');
    const told: string[] = [];
    watcher.onFailure(({ evidence }) => told.push(evidence));
    say('error: no such partition.\nEntering rescue mode...\ngrub rescue> ');
    say('Kernel panic - not syncing: x\n');
    expect(told).toEqual(['error: no such partition.\nEntering rescue mode...']);
    watcher.onFailure(({ code }) => told.push(code));
    expect(told).toHaveLength(2);
  });

  it('takes no text of a bootloader for one once a kernel runs, but does after a reset', () => {
    const { watcher, phases, say } = hear(
      '[    0.000000] Linux version 6.12\nEntering rescue mode...\ngrub> ',
    );
    expect(watcher.failure).toBe(null);
    phases.rebooted();
    watcher.rebooted();
    say('\nEntering rescue mode...\n');
    expect(watcher.failure?.code).toBe('grub-rescue');
  });

  it('keeps what looked bad, until it can no longer matter', () => {
    const { watcher, say } = hear('Welcome to GRUB!\nerror: no such device: /.disk/info.\n');
    expect(watcher.suspicions()).toEqual(['no such device: /.disk/info']);
    say(
      '[    0.000000] Linux version 6.12\n[   30.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [x:1]\n',
    );
    expect(watcher.suspicions()).toEqual([
      'the kernel reported BUG: soft lockup - CPU#0 stuck for 22s! [x:1]',
    ]);
    expect(watcher.failure).toBe(null);
    watcher.rebooted();
    expect(watcher.suspicions()).toEqual([]);
  });

  it('bounds what it keeps', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `[FAILED] Failed to start a${index}.service.\n`);
    const { watcher } = hear(`Welcome to X!\n${lines.join('')}`);
    expect(watcher.suspicions()).toEqual([
      'failed units a0.service, a1.service, a2.service, a3.service and 996 more',
    ]);
  });
});

describe('a screen', () => {
  /** One that is read, beside a console that says this. */
  const hearAndSee = (text: string) => {
    const { watcher } = hear(text);
    const scroll = new Scroll();
    /** What it shows, look after look. */
    const show = (...looks: string[][]): void => {
      for (const rows of looks) watcher.readScreen(rows, scroll.follow(rows));
    };
    return { watcher, show };
  };

  it('tells what is fatal, with what looked bad and what stood above it', () => {
    const { watcher, show } = hearAndSee('');
    const rows = ['GRUB loading.', '', 'error: no such partition.'];
    show(rows);
    expect(watcher.failure).toBe(null);
    show(rows, [...rows, 'grub rescue>', '']);
    expect(watcher.failure).toMatchObject({
      sentence: 'stuck in GRUB at `grub rescue>`, no such partition',
      evidence: 'GRUB loading.\nerror: no such partition.\ngrub rescue>',
    });
  });

  it('tells the line of a failure and those before it, with what may be missing between them', () => {
    const { watcher, show } = hearAndSee('');
    const trace = Array.from({ length: 20 }, (_, at) => `[    2.0000${at + 10}]  some_function+0x${at}/0x60`);
    show(
      ['[    0.900000] Run /init as init process', '[    1.000000] init: begins'],
      ['[    2.000000] the last words', '[    2.000001] Kernel panic - not syncing: Attempted', ...trace],
    );
    expect(watcher.failure?.evidence.split('\n')).toEqual([
      '[    0.900000] Run /init as init process',
      '[    1.000000] init: begins',
      '(lines may be missing here)',
      '[    2.000000] the last words',
      '[    2.000001] Kernel panic - not syncing: Attempted',
    ]);
  });

  it('forgets a job that is done', () => {
    const { watcher, show } = hearAndSee('Welcome to Debian!\n');
    const job = '[  *** ] A start job is running for /dev/disk/by-label/data (20s / 1min 30s)';
    show([job], ['[  OK  ] Found device /dev/disk/by-label/data.']);
    expect(watcher.suspicions()).toEqual([]);
  });

  it('tells what ran out by its own clock, where serial says nothing', () => {
    const { watcher, show } = hearAndSee('');
    show([
      '[ TIME ] Timed out waiting for device dev-disk-by\\x2dlabel-nixos.device - /dev/disk/by-label/nixos.',
      '[DEPEND] Dependency failed for sysroot.mount - /sysroot.',
      'You are in emergency mode. After logging in, type "journalctl -xb" to view',
    ]);
    expect(watcher.failure).toMatchObject({ byClock: true });
  });

  it('may still show a bootloader when the kernel has long begun', () => {
    const { watcher, show } = hearAndSee('[    0.000000] Linux version 6.12\n');
    show(['grub rescue>']);
    expect(watcher.failure).toBe(null);
  });

  it('counts a login as often as it comes, and not as often as it is looked at', () => {
    const { watcher, show } = hearAndSee('');
    const login = ['Debian GNU/Linux 13 nixos tty1', '', 'nixos login: root (automatic login)'];
    show(...Array.from({ length: 10 }, () => login));
    expect(watcher.failure).toBe(null);
    show(...Array.from({ length: 3 }, () => [[''], login]).flat());
    expect(watcher.failure).toMatchObject({ code: 'login-loop' });
  });
});

describe('once a shell was proven', () => {
  const proven = () => {
    const heard = hear('Welcome to NixOS 25.05 (Warbler)!\n');
    heard.watcher.shellProven();
    return heard;
  };
  const panic = '[  100.000000] Kernel panic - not syncing: sysrq triggered crash\n';
  const end = '[  100.100000] ---[ end Kernel panic - not syncing: sysrq triggered crash ]---\n';

  it.each([
    'grep: Kernel panic - not syncing: old\n',
    'Kernel panic - not syncing: without a time stamp\n---[ end Kernel panic - not syncing: x ]---\n',
    `Nov 21 12:00:00 host kernel: ${panic}`,
    panic,
    end,
    'You are in emergency mode. After logging in, type\n',
    'Entering emergency mode. Exit the shell to continue.\n',
    '[    1.0] \n(initramfs) ',
    '[!!!!!!] Failed to mount API filesystems.\n',
  ])('%j is no failure', (text) => {
    const { watcher, say } = proven();
    say(text);
    expect(watcher.failure).toBe(null);
  });

  it.each([end, '[  100.100000] Rebooting in 30 seconds..\n'])(
    "a kernel's panic with its end is one: %j",
    (last) => {
      const { watcher, say } = proven();
      say(`${panic}[  100.050000] CPU: 0 PID: 1\n`);
      expect(watcher.suspicions()).toEqual(['kernel panic: sysrq triggered crash']);
      say(last);
      expect(watcher.failure?.sentence).toBe('kernel panic: sysrq triggered crash');
    },
  );
});

it('what systemd waited for and got is no suspicion', () => {
  const { watcher, say } = hear('Welcome to NixOS!\n[    *] Job srv.mount/start running (16s / 1min 44s)\n');
  expect(watcher.suspicions()).toEqual(['waiting for srv.mount']);
  say('[  OK  ] Mounted home.mount - /home.\n');
  expect(watcher.suspicions()).toEqual(['waiting for srv.mount']);
  say('[  OK  ] Mounted srv.mount - /srv.\n');
  expect(watcher.suspicions()).toEqual([]);
});

it.each([
  [
    'its own name',
    'Job initrd-find-nixos-clos…ice/start',
    '[  OK  ] Finished initrd-find-nixos-closure.service - Find NixOS closure.',
  ],
  [
    'that of the line, too',
    'Job systemd-journal-catalo…ice/start',
    '[  OK  ] Finished systemd-journal-cat…ervice - Rebuild Journal Catalog.',
  ],
  [
    "the line's name",
    'Job systemd-tmpfiles-setup-dev.service/start',
    '[  OK  ] Finished systemd-tmpfiles-setup-de…ic Device Nodes in /dev gracefully.',
  ],
])('what a narrow console has no room for, %s, is over all the same', (_, job, over) => {
  const { watcher, say } = hear(`Welcome to NixOS!\n[    **] (1 of 2) ${job} running (24s / no limit)\n`);
  expect(watcher.suspicions()).toEqual([expect.stringMatching(/^waiting for /)]);
  say('[  OK  ] Finished systemd-user-sessions.service - Permit User Sessions.\n');
  expect(watcher.suspicions()).toHaveLength(1);
  say(`${over}\n`);
  expect(watcher.suspicions()).toEqual([]);
});

it.each([
  [
    "[    0.1] x\n[    0.096000] Kernel panic - not syncing: IO-APIC + timer doesn't work!  Boot with apic=debug\n",
    true,
  ],
  ['[    0.1] x\n[    0.096000] Kernel panic - not syncing: VFS: Unable to mount root fs\n', false],
  [
    'Welcome to NixOS!\n[ TIME ] Timed out waiting for device dev-vda.device - /dev/vda.\nYou are in emergency mode.\n',
    true,
  ],
  ['Welcome to NixOS!\n[FAILED] Failed to mount srv.mount - /srv.\nYou are in emergency mode.\n', false],
])('%j went by the clock: %s', (text, byClock) => {
  expect(hear(text).watcher.failure).toMatchObject({ byClock });
});
