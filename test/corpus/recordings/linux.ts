import { damage, truncate } from '../../defects/make/contents.ts';
import { cpio } from '../../defects/make/cpio.ts';
import { busyboxInitrd, direct } from '../direct.ts';
import type { Recording } from '../recording.ts';

const kernel = 'Debian 13 kernel, static busybox as the initrd';
const sysrq = (key: string): string =>
  `echo 1 >/proc/sys/kernel/sysrq\necho ${key} >/proc/sysrq-trigger\nsleep 60\n`;
const stay = 'sleep 1000\n';
const panic = { phases: 'kernel initrd', failure: 'kernel-panic' } as const;
const fine = { phases: 'kernel initrd', failure: 'none' } as const;
const ended = /end Kernel panic/;
const hog = 'tail /dev/zero';

/** What Linux says, by direct boots. */
export const linux: readonly Recording[] = [
  {
    name: 'linux-no-root',
    what: 'Debian 13 kernel without initrd and root=',
    phases: 'kernel',
    failure: 'kernel-panic',
    record: direct({ until: ended }),
  },
  {
    name: 'linux-root-missing',
    what: 'Debian 13 kernel without initrd, root= names a device that is not there',
    phases: 'kernel',
    failure: 'kernel-panic',
    record: direct({ options: 'root=/dev/sda1', until: ended }),
  },
  {
    name: 'linux-no-init',
    what: `${kernel} without /init`,
    phases: 'kernel',
    failure: 'kernel-panic',
    record: direct({
      initrd: cpio([{ path: 'note', content: Buffer.from('no init here\n') }]),
      until: ended,
    }),
  },
  {
    name: 'linux-init-no-interpreter',
    what: `${kernel}, /init names an interpreter that is not there`,
    ...panic,
    record: direct({ initrd: () => busyboxInitrd('', '#!/bin/absent\n'), until: ended }),
  },
  {
    name: 'linux-init-exits',
    what: `${kernel}, /init exits with 3`,
    ...panic,
    record: direct({ init: 'exit 3\n', until: ended }),
  },
  {
    name: 'linux-sysrq-crash',
    what: `${kernel}, sysrq c`,
    ...panic,
    record: direct({ init: sysrq('c'), until: ended }),
  },
  {
    name: 'linux-oom-panic',
    what: `${kernel}, vm.panic_on_oom=2`,
    ...panic,
    record: direct({ init: `echo 2 >/proc/sys/vm/panic_on_oom\n${hog}\n`, until: ended }),
  },
  {
    name: 'linux-oom-deadlock',
    what: `${kernel}, only init is left to be killed`,
    ...panic,
    record: direct({ init: `exec ${hog}\n`, until: ended }),
  },
  {
    name: 'linux-oom-killed',
    what: `${kernel}, the OOM killer takes a process and the system goes on`,
    ...fine,
    record: direct({ init: `${hog}\necho went on\n${stay}`, until: /went on/ }),
  },
  {
    name: 'linux-soft-lockup',
    what: `${kernel}, the host stops QEMU for a while, and the guest takes it for its own fault`,
    ...fine,
    record: direct({
      init: `echo 2 >/proc/sys/kernel/watchdog_thresh\n(while :; do :; done) &\nsleep 5\necho now\nsleep 10\necho went on\n${stay}`,
      pause: { after: /^now/m, seconds: 8 },
      until: /went on/,
    }),
  },
  {
    name: 'linux-initrd-truncated',
    what: 'Debian 13 kernel, half of the initrd of a reference image',
    phases: 'kernel',
    failure: 'kernel-panic',
    record: direct({ initrd: async () => truncate(0.5)(await busyboxInitrd(stay)) as Buffer, until: ended }),
  },
  {
    name: 'linux-initrd-garbage',
    what: 'Debian 13 kernel, an initrd that is none',
    phases: 'kernel',
    failure: 'kernel-panic',
    record: direct({ initrd: Buffer.from('no initrd\n'.repeat(500)), until: ended }),
  },
  {
    name: 'linux-initrd-too-big',
    what: 'Debian 13 kernel, an initrd that does not fit into the memory once it is unpacked',
    phases: 'kernel',
    failure: 'initrd-too-big',
    record: direct({
      initrd: cpio([{ path: 'ballast', size: 200 << 20 }]),
      memoryMiB: 320,
      until: /end Kernel panic|unpacking failed/,
    }),
  },
  {
    name: 'linux-payload-damaged',
    what: 'Debian 13 kernel with noise in its compressed part, earlyprintk=ttyS0',
    phases: 'kernel',
    failure: 'kernel-load-failed',
    record: direct({
      kernel: (content) => damage(6_000_000, 4096)(content) as Buffer,
      options: 'earlyprintk=ttyS0',
      until: /System halted/,
    }),
  },
  {
    name: 'linux-wrong-processor',
    what: 'Debian 13 kernel on a processor without 64 bits, earlyprintk=ttyS0',
    phases: '',
    failure: 'kernel-load-failed',
    record: direct({
      args: ['-cpu', 'pentium3'],
      options: 'earlyprintk=ttyS0',
      until: /requires an x86-64 CPU/,
    }),
  },
  {
    name: 'linux-rootwait',
    what: 'Debian 13 kernel without initrd that waits for its root device for ever',
    phases: 'kernel',
    failure: 'none',
    record: direct({ options: 'root=/dev/sda1 rootwait', until: /Waiting for root device/ }),
  },
  {
    name: 'linux-quiet',
    what: `${kernel}, quiet: it says nothing before a getty does`,
    phases: 'login',
    failure: 'none',
    record: direct({
      options: 'quiet loglevel=0',
      init: 'hostname quiet\nexec getty -L 115200 ttyS0 vt100\n',
      until: /quiet login: /,
    }),
  },
  {
    name: 'linux-debug',
    what: `${kernel}, debug ignore_loglevel initcall_debug`,
    ...fine,
    record: direct({
      options: 'debug ignore_loglevel',
      init: `echo all is well\n${stay}`,
      until: /all is well/,
    }),
  },
  {
    name: 'linux-no-time-stamps',
    what: `${kernel}, printk.time=0`,
    ...fine,
    record: direct({ options: 'printk.time=0', init: `echo all is well\n${stay}`, until: /all is well/ }),
  },
  {
    name: 'linux-no-time-stamps-panic',
    what: `${kernel}, printk.time=0, sysrq c`,
    ...panic,
    record: direct({ options: 'printk.time=0', init: sysrq('c'), until: ended }),
  },
  {
    name: 'linux-panic-reboots',
    what: `${kernel}, panic=1`,
    ...panic,
    record: direct({ options: 'panic=1', init: sysrq('c'), until: /Rebooting in 1 seconds/ }),
  },
  {
    name: 'linux-look-alikes',
    what: `${kernel}, a program that talks about panics, emergency mode and prompts`,
    ...fine,
    record: direct({
      init: `echo '<6>test: we grep for Kernel panic - not syncing: Fatal exception' >/dev/kmsg
echo 'usage: explain "Kernel panic - not syncing" or "grub rescue>" or "You are in emergency mode"'
echo '<4>app: BUG: soft lockup is what this text is about, not what happened' >/dev/kmsg
echo 'dracut: FATAL is a log level of dracut, see man dracut'
echo 'No bootable device is attached to the inner machine'
echo 'iPXE> is the prompt of iPXE, (initramfs) that of initramfs-tools'
echo all is well
${stay}`,
      until: /all is well/,
    }),
  },
  {
    name: 'linux-sysrq-reboot',
    what: `${kernel}, sysrq b`,
    ...fine,
    record: direct({ init: sysrq('b'), until: /sysrq: Resetting/ }),
  },
  {
    name: 'linux-power-off',
    what: `${kernel}, poweroff -f`,
    ...fine,
    record: direct({ init: 'poweroff -f\n', until: /Power down/ }),
  },
  {
    name: 'linux-segfaults',
    what: `${kernel}, programs that crash while the system goes on`,
    ...fine,
    record: direct({
      options: 'print-fatal-signals=1',
      init: `sh -c 'kill -SEGV $$'\nsh -c 'kill -ILL $$'\necho went on\n${stay}`,
      until: /went on/,
    }),
  },
  {
    name: 'linux-memory-warnings',
    what: `${kernel}, sysrq m, t and w: long reports that are no failure`,
    ...fine,
    record: direct({
      init: `echo 1 >/proc/sys/kernel/sysrq\nfor key in m w l; do echo $key >/proc/sysrq-trigger; sleep 1; done\necho went on\n${stay}`,
      until: /went on/,
    }),
  },
];
