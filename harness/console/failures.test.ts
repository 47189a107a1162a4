import { describe, expect, it } from 'vitest';
import { FailureWatcher, fatalLine, fatalPrompt } from './failures.ts';
import { Transcript } from './transcript.ts';

describe('fatal signs', () => {
  it.each([
    [
      '[    3.814308] Kernel panic - not syncing: VFS: Unable to mount root fs',
      'kernel-panic',
      'the kernel panicked: VFS: Unable to mount root fs',
    ],
    [
      '[    3.814308][    T1] Kernel panic - not syncing: Attempted to kill init!',
      'kernel-panic',
      'the kernel panicked: Attempted to kill init!',
    ],
    ['error: out of memory.', 'grub-failed', 'GRUB could not load the system: out of memory.'],
    [
      'Could not boot: Exec format error (http://ipxe.org/2e852001)',
      'ipxe-failed',
      'iPXE could not boot: Exec format error (http://ipxe.org/2e852001)',
    ],
    [
      'ALERT!  UUID=1234 does not exist.  Dropping to a shell!',
      'initramfs-shell',
      'the initramfs did not find the root file system UUID=1234 and stopped at a shell',
    ],
    ['GRUB Hard Disk Error', 'grub-failed', "GRUB's boot sector could not read the disk"],
    ['Missing operating system', 'no-bootable-device', "the disk's boot sector found nothing to boot"],
    [' -- System halted', 'kernel-load-failed', 'the kernel could not unpack itself and halted'],
    [
      '### ERROR ### Please RESET the board ###',
      'u-boot-failed',
      'U-Boot could not start the kernel: ### ERROR ### Please RESET the board ###',
    ],
    [
      "Failed to switch root: Specified switch root path '/sysroot' does not seem to be an OS tree.",
      'switch-root-failed',
      "the initrd could not start the system: Specified switch root path '/sysroot' does not seem to be an OS tree.",
    ],
  ])('%s', (line, code, sentence) => {
    expect(fatalLine(line)).toMatchObject({ code, sentence, evidence: line });
  });

  it.each([
    'grub> ',
    'grub rescue> ',
    'iPXE> ',
    '(initramfs) ',
    'dracut:/# ',
    'Give root password for maintenance',
  ])('%j is a prompt at which a boot is stuck', (line) => {
    expect(fatalPrompt(line)).not.toBe(null);
  });

  it.each(['[root@nixos:~]# ', 'nixos login: ', 'echo "grub> ', ''])('%j is no such prompt', (line) => {
    expect(fatalPrompt(line)).toBe(null);
  });

  it.each([
    '[    0.000000] Command line: panic=30 boot.panic_on_fail',
    '[    3.817262] ---[ end trace ]---',
    '[  100.000000] reboot: System halted',
    'Boot failed: not a bootable disk',
    'BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM": Not Found',
    "error: file `/boot/grub/x' not found.",
    '[FAILED] Failed to start Virtual Console Setup.',
    '[  OK  ] Stopped target Emergency Mode.',
    'Nothing to boot: No such file or directory (http://ipxe.org/2d03e13b)',
    'grep: "Kernel panic - not syncing"',
  ])('%s is not fatal', (line) => {
    expect(fatalLine(line)).toBe(null);
  });
});

describe('the watcher', () => {
  it('tells the first failure once, with the lines before it', () => {
    const watcher = new FailureWatcher();
    const transcript = new Transcript();
    const told: string[] = [];
    watcher.onFailure(({ evidence }) => told.push(evidence));
    watcher.watch(transcript);
    transcript.append(Buffer.from('error: no such partition.\r\nEntering rescue mode...\r\ngrub rescue> '));
    transcript.append(Buffer.from('Kernel panic - not syncing: x\r\n'));
    expect(told).toEqual(['error: no such partition.\nEntering rescue mode...']);
    watcher.onFailure(({ code }) => told.push(code));
    expect(told).toHaveLength(2);
  });
});
