import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootToKernel, bootToLogin, bootToShell } from './boot.ts';
import type { Behaviour } from './behaviour.ts';
import { ends } from './ends.ts';
import { hostFault } from './host-faults.ts';
import { hostileConsoles } from './hostile-console.ts';
import { hostileServers } from './hostile-server.ts';
import { starves } from './starves.ts';
import { waits } from './waits.ts';

const behaviours: Record<string, Behaviour> = {
  ...ends,
  ...hostileConsoles,
  ...hostileServers,
  ...waits,
  /** Boots to an automatic login on serial, as whoever runs the tests, with a shell that works. */
  boots: { play: (guest) => bootToShell(guest) },
  /** The same with another kernel, if `uname` is believed. */
  'tells-a-slow-boot': {
    play: (guest) => bootToShell(guest, join(import.meta.dirname, 'slow-boot-bin')),
  },
  'has-another-kernel': {
    play: (guest) => bootToShell(guest, join(import.meta.dirname, 'another-kernel-bin')),
  },
  /** Ends where a login name is asked for. */
  'asks-for-login': { play: bootToLogin },
  panics: {
    play(guest) {
      bootToKernel(guest);
      guest.say('[    1.500000] Kernel panic - not syncing: VFS: Unable to mount root fs\n');
      guest.event('GUEST_PANICKED', { action: 'run' });
      guest.say('[    1.600000] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs ]---\n');
    },
  },
  /** Says nothing after the kernel began. */
  hangs: { play: bootToKernel },
  /** Never comes up, and always has something new to say: nobody calls it stuck. */
  'goes-on': {
    async play(guest) {
      bootToKernel(guest);
      for (;;) {
        guest.say(`[    2.000000] ${randomUUID().replaceAll(/\d/g, '')}\n`);
        await sleep(500);
      }
    },
  },
  silent: { play() {} },
  /** Its kernel speaks on the screen alone, which scrolls by faster than anybody looks. */
  'panics-on-screen': {
    play() {},
    serve: (socket) => void socket.destroy(),
    screens: [
      ['[    0.000000] Linux version 6.12.0 (builder@example.org)', '[    0.100000] x86/fpu: x87 FPU'],
      [
        '[    1.500000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
        '[    1.600000] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---',
      ],
    ],
  },
  /** Reboots for ever. */
  reboots: {
    async play(guest) {
      for (;;) {
        bootToKernel(guest);
        guest.event('RESET', { guest: true, reason: 'guest-reset' });
        await sleep(1);
      }
    },
  },
  'powers-off': {
    play(guest) {
      bootToKernel(guest);
      guest.say('[    2.000000] reboot: Power down\n');
      guest.event('SHUTDOWN', { guest: true, reason: 'guest-shutdown' });
      guest.event('STOP');
    },
  },
  dies: { play() {}, dies: 'could not open disk image: stubbed' },
  'lacks-memory': { play() {}, dies: "cannot set up guest memory 'ram': Cannot allocate memory" },
  /** QEMU crashes in the middle of the boot. */
  crashes: {
    play(guest) {
      bootToKernel(guest);
      process.kill(process.pid, 'SIGABRT');
    },
  },
  /** QEMU ends in the middle of the boot as if all were well. */
  exits: {
    play(guest) {
      bootToKernel(guest);
      process.exit(0);
    },
  },
  starves,
  stubborn: { play: bootToKernel, ignoresQuit: true },
};

/**
 * The behaviour of a machine by rules such as `boots .uefi.=panics`; the last one that fits its name holds. By the rule
 * `as-labelled` it is what the label at the end of its name says, e.g. `raw.x86_64.bios.disk.guest3-panics-3`.
 * `crashes-then-boots` is another one from its second start on.
 * @param starts how often this machine was started before.
 */
export function behaviourOf(name: string, rules: string, starts: number): Behaviour {
  const chosen =
    rules === 'as-labelled'
      ? /\.guest\d+-([^.]+)-\d+(?:\.|$)/.exec(name)?.[1]
      : rules
          .split(' ')
          .map((rule) => (rule.includes('=') ? rule.split('=') : ['', rule]))
          .findLast(([part = '']) => name.includes(part))?.[1];
  const turns = (chosen ?? 'boots').split('-then-');
  const turn = turns[Math.min(starts, turns.length - 1)] ?? '';
  const behaviour = behaviours[turn] ?? hostFault(turn);
  if (behaviour === undefined) {
    throw new Error(`stub: no behaviour ${chosen}, only ${Object.keys(behaviours).join(', ')}`);
  }
  return behaviour;
}
