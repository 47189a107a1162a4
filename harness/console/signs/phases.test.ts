import { describe, expect, it } from 'vitest';
import { phases as phaseOrder } from '../../events.ts';
import { phaseSigns } from './phase-signs.ts';
import { PhaseTracker } from './phases.ts';
import { Transcript } from '../serial/transcript.ts';

const track = (text: string): { tracker: PhaseTracker; seen: string[]; transcript: Transcript } => {
  let clock = 0;
  const tracker = new PhaseTracker(() => ++clock);
  const transcript = new Transcript();
  const seen: string[] = [];
  tracker.onPhase(({ phase, seconds, evidence }) => seen.push(`${seconds} ${phase}: ${evidence}`));
  tracker.watch(transcript);
  transcript.append(Buffer.from(text));
  return { tracker, seen, transcript };
};

describe('phases', () => {
  it('are told once each, forward only', () => {
    const { seen, tracker } = track(
      'Welcome to GRUB!\n[    0.000000] Linux version 6.12\n[    0.1] x\nWelcome to GRUB!\n[    0.200000] y\n',
    );
    expect(seen).toEqual(['1 bootloader: Welcome to GRUB!', '2 kernel: [    0.000000] Linux version 6.12']);
    expect(tracker.current).toBe('kernel');
    expect(tracker.seconds).toEqual({ bootloader: 1, kernel: 2 });
  });

  it('are told of the furthest that a line shows', () => {
    expect(track('[    9.072391] Run /init as init process\n').tracker.current).toBe('initrd');
  });

  it('see a login prompt, which no newline ends', () => {
    const { seen } = track('nixos-installer login: ');
    expect(seen).toEqual(['1 login: nixos-installer login:']);
    expect(track('Last login: Thu\n').tracker.current).toBe(null);
    expect(track('Press Enter for login: ').tracker.current).toBe(null);
  });

  it.each([
    ['initrd', 'Booting initrd of NixOS 26.11 (Zokor) (Initrd).'],
    ['initrd', 'Booting initrd of Arch Linux.'],
    ['initrd', 'Booting initrd of Debian GNU/Linux 14 (forky)...'],
    ['initrd', 'Welcome to NixOS 26.05 (Yarara) (Initrd)!'],
    ['userspace', '[   87.645999] systemd[1]: Switching root.'],
    ['userspace', 'Welcome to NixOS 26.11 (Zokor)!'],
    ['login', '<<< Welcome to NixOS kexec-26.11pre-git.47ec8b0 (x86_64) - pts/0 >>>'],
    ['login', '<<< Welcome to NixOS 25.05.20250612.fd48718 (x86_64) - ttyS0 >>>'],
    ['login', '<<< Welcome to NixOS 25.05.20250612.fd48718 (x86_64) - hvc0 >>>'],
    ['bootloader', '                            Boot in 3s.'],
    ['bootloader', '                            Boot in 3 s.'],
    ['bootloader', 'iPXE 2.0.0 -- Open Source Network Boot Firmware -- https://ipxe.org'],
    ['bootloader', 'iPXE 2.0.0+ (g0ab22) -- Open Source Network Boot Firmware -- https://ipxe.org'],
  ])('begin as programs say it, %s: %s', (phase, line) => {
    expect(track(`${line}\n`).tracker.current).toBe(phase);
  });

  it('take no prompt for a shell: only a command proves it', () => {
    const { tracker, seen } = track('[root@nixos:~]# ');
    expect(tracker.current).toBe(null);
    tracker.reached('shell', 'a command ran as root');
    expect(seen).toEqual(['1 shell: a command ran as root']);
    expect(tracker.isOnSerial('shell')).toBe(false);
    tracker.reached('login', 'too late');
    expect(seen).toHaveLength(1);
  });

  it('know what they saw on serial from what they were told', () => {
    const { tracker } = track('Welcome to NixOS 25.05 (Warbler)!\n');
    expect(tracker.isOnSerial('userspace')).toBe(true);
    expect(tracker.isOnSerial('kernel')).toBe(false);
  });

  it('begin anew when the machine is reset, and are not told again', () => {
    const { tracker, seen, transcript } = track('Welcome to NixOS 25.05 (Warbler)!\n');
    const steps: (string | null)[] = [];
    const reboots: string[] = [];
    tracker.onStep(() => steps.push(tracker.here));
    tracker.onReboot((reached) => reboots.push(reached));
    tracker.rebooted();
    transcript.append(Buffer.from('Welcome to GRUB!\n[    0.000000] Linux version 6.12\n'));
    expect(steps).toEqual(['firmware', 'bootloader', 'kernel']);
    expect(reboots).toEqual(['userspace']);
    expect(tracker.current).toBe('userspace');
    expect(seen).toHaveLength(1);
  });

  it('tell a machine that begins anew by its first words, where no reset was told', () => {
    const { tracker, transcript } = track('[    0.000000] Linux version 6.12\n[    1.000000] x\n');
    const reboots: string[] = [];
    tracker.onReboot((reached) => reboots.push(reached));
    const again = Buffer.from('[    0.000000] Linux version 6.12\n');
    transcript.append(again);
    expect(reboots).toEqual(['kernel']);
    // A reset that QEMU told is counted once.
    tracker.rebooted();
    transcript.append(again);
    expect(reboots).toEqual(['kernel', 'kernel']);
    // What a command prints is no boot.
    tracker.reached('shell', 'a command ran');
    transcript.append(again);
    expect(reboots).toHaveLength(2);
  });

  it('are read off the screen, too, without counting as seen on serial', () => {
    const { tracker, seen } = track('');
    tracker.readScreen('Welcome to GRUB!');
    expect(seen).toEqual(['1 bootloader: on the screen: Welcome to GRUB!']);
    expect(tracker.isOnSerial('bootloader')).toBe(false);
    expect(tracker.isSilent).toBe(true);
  });

  it.each([
    'nixos login:',
    '<<< Welcome to NixOS 26.11 (x86_64) - tty1 >>>',
    '<<< Welcome to NixOS 26.11 (x86_64) - pts/0 >>>',
    '[  OK  ] Reached target getty.target - Login Prompts.',
  ])('end on the screen with a login: %s', (row) => {
    const { tracker } = track('');
    tracker.readScreen(row);
    expect(tracker.here).toBe('login');
  });

  it('show on the screen by a panic that an init was tried', () => {
    const { tracker } = track('');
    tracker.readScreen(
      '[    2.100000] Kernel panic - not syncing: No working init found.  Try passing init= option',
    );
    expect(tracker.here).toBe('initrd');
  });

  it('show on the screen by a panic that an init ran, when nothing else is left there', () => {
    const { tracker } = track('');
    tracker.readScreen(
      '[   12.233770] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000300',
    );
    expect(tracker.here).toBe('initrd');
    tracker.readScreen('         Starting initrd-switch-root.service - Switch Root...');
    expect(tracker.here).toBe('initrd');
    tracker.readScreen('[   12.362385] ---[ end Kernel panic - not syncing: Attempted to kill init! ]---');
    expect(tracker.here).toBe('userspace');
  });

  it('do not take what the kernel says by the firmware for its own words on serial', () => {
    const { tracker, seen, transcript } = track('EFI stub: Loaded initrd from command line option\n');
    const steps: (string | null)[] = [];
    tracker.onStep(() => steps.push(tracker.here));
    expect(seen).toEqual(['1 kernel: EFI stub: Loaded initrd from command line option']);
    expect(tracker.isOnSerial('kernel')).toBe(false);
    transcript.append(Buffer.from('EFI stub: Measured initrd data into PCR 9\n'));
    tracker.readScreen('[    0.100000] on the screen');
    expect(steps).toEqual([]);
    transcript.append(Buffer.from('[    0.000000] Linux version 6.12\n[    0.000000] Command line: x\n'));
    expect(tracker.isOnSerial('kernel')).toBe(true);
    expect(steps).toEqual(['kernel']);
    expect(seen).toHaveLength(1);
  });

  it('stand in order in the table, so that a later sign outweighs an earlier one', () => {
    const ranks = phaseSigns.map(({ phase }) => phaseOrder.indexOf(phase));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    for (const { source } of phaseSigns) expect(source).not.toBe('');
  });
});
