import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from './behaviour.ts';
import { bootToInitrd, bootToShell, bootToUserspace } from './boot.ts';

/** A machine in its bootloader, which takes interrupts: nothing but a key gets it on. */
const inLoader = {
  registers: 'EIP=00007c15 EFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\r\n',
  diskAccesses: 400,
  /** Connected to by QEMU's network, and answered by nobody. */
  serve() {},
} satisfies Partial<Behaviour>;

const menu = '\x1b[2J\x1b[H\n   GNU GRUB  version 2.12\n\n   *Stub Linux\n    Memtest86+\n';

/** Guests that wait for a person, or are no systems. */
export const waits: Record<string, Behaviour> = {
  'waits-for-a-passphrase': {
    serve() {},
    play(guest) {
      bootToInitrd(guest);
      guest.say('\nPlease enter passphrase for disk stub (root): (press TAB for no echo) ');
    },
  },
  /** A question in userspace, to which any key is an answer. */
  'asks-before-it-erases': {
    serve() {},
    play(guest) {
      bootToUserspace(guest);
      guest.say('\nErase the whole disk? [Y/n] ');
      guest.onTyped = () => guest.say('\nerased\n');
    },
  },
  /** Its menu has no time-out; Enter boots it. */
  'menu-waits': {
    ...inLoader,
    play(guest) {
      guest.say(menu);
      guest.onKey = (key) => {
        if (key !== 'ret') return;
        guest.onKey = undefined;
        bootToShell(guest);
      };
    },
  },
  /** Its menu counts down for longer than anybody thinks; a key stops it, as a key stops every menu. */
  'menu-counts': {
    ...inLoader,
    async play(guest) {
      let isStopped = false;
      guest.onKey = () => {
        isStopped = true;
      };
      guest.say(menu);
      for (let seconds = 45; seconds > 0; seconds--) {
        guest.say(`\r The highlighted entry will be executed automatically in ${seconds}s.   `);
        await sleep(1000);
        if (isStopped) return;
      }
      bootToShell(guest);
    },
  },
  /** The memory test of a boot menu, which is never through with it. */
  'runs-memtest': {
    ...inLoader,
    async play(guest) {
      for (let seconds = 0; ; seconds++) {
        guest.say(
          `\x1b[H      Memtest86+ v6.10\n Time: ${seconds} Pattern 0x${(seconds * 7919).toString(16)}\n`,
        );
        await sleep(1000);
      }
    },
  },
};
