import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from './behaviour.ts';
import { bootToAutologin, bootToKernel, bootToShell } from './boot.ts';

/** Guests that end in ways which QEMU tells of, or which show outside of them only. */
export const ends: Record<string, Behaviour> = {
  /** Its words about it go to no serial port. */
  'panics-in-silence': {
    play(guest) {
      bootToKernel(guest);
      guest.event('GUEST_PANICKED', { action: 'run' });
    },
  },
  /** As it ships it says nothing; told to speak on serial, it says why. */
  'panics-unheard': {
    play(guest) {
      if (guest.speaksOnSerial) {
        bootToKernel(guest);
        guest.say('[    1.500000] Kernel panic - not syncing: VFS: Unable to mount root fs\n');
      }
      guest.event('GUEST_PANICKED', { action: 'run' });
    },
  },
  /** Says nothing, whatever it is told. */
  'panics-mute': {
    play: (guest) => guest.event('GUEST_PANICKED', { action: 'run' }),
  },
  'watchdog-bites': {
    play(guest) {
      bootToKernel(guest);
      guest.say('[   30.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [stub:1]\n');
      guest.event('WATCHDOG', { action: 'reset' });
    },
  },
  /** What KVM does with an instruction that it cannot emulate. */
  'stopped-by-qemu': {
    status: 'internal-error',
    play(guest) {
      bootToKernel(guest);
      guest.event('STOP');
    },
  },
  /** A defect of the emulator: the guest is as sound as any. */
  'emulation-fails': {
    play(guest) {
      bootToKernel(guest);
      guest.say('[    2.000000] RSP: 0000:ffffffff94e03dc0 EFLAGS: c103aa62\n');
      guest.say('[    2.000001] Kernel panic - not syncing: Fatal exception in interrupt\n');
    },
  },
  'image-is-corrupt': {
    play(guest) {
      bootToKernel(guest);
      guest.event('BLOCK_IMAGE_CORRUPTED', {
        'node-name': 'drive0',
        msg: 'L2 table offset unaligned',
        fatal: true,
      });
    },
  },
  /** `cli; hlt` */
  'halts-for-good': {
    registers: 'EIP=00007c15 EFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\r\n',
    play: bootToKernel,
  },
  /** A login whose shell ends at once. */
  'login-loops': {
    async play(guest) {
      bootToAutologin(guest);
      for (;;) {
        guest.say('login: no shell: Permission denied\n\nnixos-installer login: stub (automatic login)\n\n');
        await sleep(100);
      }
    },
  },
  /** As an image does that finishes its set-up. */
  'reboots-once': {
    play(guest) {
      bootToKernel(guest);
      guest.say('[    2.000000] reboot: Restarting system\n');
      guest.event('RESET', { guest: true, reason: 'guest-reset' });
      bootToShell(guest);
    },
  },
};
