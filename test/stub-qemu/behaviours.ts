import { userInfo } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Guest } from './guest.ts';

/** What a machine does. */
export interface Behaviour {
  /** Runs when the machine is powered on. */
  play(guest: Guest): void | Promise<void>;
  /** QEMU's last words before it dies, without having reported in. */
  dies?: string;
  /** Only SIGKILL ends it. */
  ignoresQuit?: boolean;
}

const firmware =
  'BdsDxe: loading Boot0001 "UEFI Stub" from PciRoot(0x0)\nBdsDxe: starting Boot0001 "UEFI Stub" from PciRoot(0x0)\n';
const kernel =
  '[    0.000000] Linux version 6.12.0-stub (root@stub)\n[    0.100000] Command line: console=ttyS0\n';
const initrd = '[    1.000000] Run /init as init process\nWelcome to Stub Linux 1 (Initrd)!\n\n';
const userspace =
  'Welcome to Stub Linux 1!\n\n[  OK  ] Reached target multi-user.target - Multi-User System.\n';

const behaviours: Record<string, Behaviour> = {
  /** Boots to an automatic login on serial, as whoever runs the tests, with a shell that works. */
  boots: {
    play(guest) {
      guest.say(firmware + kernel + initrd + userspace);
      guest.say(
        `\nStub Linux 1 nixos-installer ttyS0\n\nnixos-installer login: ${userInfo().username} (automatic login)\n\n`,
      );
      guest.openShell('[stub@nixos-installer:~]# ');
    },
  },
  /** Ends where a login name is asked for. */
  'asks-for-login': {
    play: (guest) => guest.say(`${firmware}${kernel}${initrd}${userspace}\nnixos-installer login: `),
  },
  panics: {
    play(guest) {
      guest.say(
        `${firmware}${kernel}[    1.500000] Kernel panic - not syncing: VFS: Unable to mount root fs\n`,
      );
      guest.event('GUEST_PANICKED', { action: 'run' });
      guest.say('[    1.600000] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs ]---\n');
    },
  },
  /** Says nothing after the kernel began. */
  hangs: { play: (guest) => guest.say(firmware + kernel) },
  silent: { play() {} },
  /** Reboots for ever. */
  reboots: {
    async play(guest) {
      for (;;) {
        guest.say(firmware + kernel);
        guest.event('RESET', { guest: true, reason: 'guest-reset' });
        await setImmediate();
      }
    },
  },
  'powers-off': {
    play(guest) {
      guest.say(`${firmware}${kernel}[    2.000000] reboot: Power down\n`);
      guest.event('SHUTDOWN', { guest: true, reason: 'guest-shutdown' });
      guest.event('STOP');
    },
  },
  /** Talks as fast as it is listened to, without an end. */
  floods: {
    async play(guest) {
      for (let line = 0; ; line++) {
        guest.say(
          `[    3.${String(line % 1e6).padStart(6, '0')}] flood flood flood flood flood flood flood flood\n`,
        );
        await setImmediate();
      }
    },
  },
  dies: { play() {}, dies: 'could not open disk image: stubbed' },
  /** QEMU crashes in the middle of the boot. */
  crashes: {
    play(guest) {
      guest.say(firmware + kernel);
      process.kill(process.pid, 'SIGABRT');
    },
  },
  /** QEMU ends in the middle of the boot as if all were well. */
  exits: {
    play(guest) {
      guest.say(firmware + kernel);
      process.exit(0);
    },
  },
  stubborn: { play: (guest) => guest.say(firmware), ignoresQuit: true },
};

/** The behaviour of a machine by rules such as `boots .uefi.=panics`; the last one that fits its name holds. */
export function behaviourOf(name: string, rules: string): Behaviour {
  const chosen = rules
    .split(' ')
    .map((rule) => (rule.includes('=') ? rule.split('=') : ['', rule]))
    .findLast(([part = '']) => name.includes(part))?.[1];
  const behaviour = behaviours[chosen ?? 'boots'];
  if (behaviour === undefined) {
    throw new Error(`stub: no behaviour ${chosen}, only ${Object.keys(behaviours).join(', ')}`);
  }
  return behaviour;
}
