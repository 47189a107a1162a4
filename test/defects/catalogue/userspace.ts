import type { Defect } from '../defect.ts';
import { append } from '../make/contents.ts';
import { rootOnly } from '../make/disk.ts';
import type { Ext4Edit } from '../make/ext4.ts';
import { earlyService } from '../make/service.ts';

const cell = 'qemu.x86_64.bios.disk';

const absentMount: Ext4Edit = {
  path: '/etc/fstab',
  change: append('LABEL=absent /srv ext4 x-systemd.device-timeout=5s 0 2\n'),
};

/** What systemd does not get past. */
export const userspace: readonly Defect[] = [
  {
    name: 'userspace-no-default-target',
    what: 'default.target names a unit that does not exist',
    cell,
    ...rootOnly('qemu', [
      { path: '/etc/systemd/system/default.target', symlink: '/usr/lib/systemd/system/absent.target' },
    ]),
    expect: { phase: 'userspace', reason: /systemd: rescue mode/ },
  },
  {
    name: 'userspace-absent-mount',
    what: 'fstab names a device that is not there: emergency mode',
    cell,
    ...rootOnly('qemu', [absentMount]),
    expect: { phase: 'userspace', reason: /emergency mode, waiting for .*by-label\/absent/ },
  },
  {
    name: 'userspace-root-locked',
    what: 'emergency mode, and root has no password to get in with',
    cell,
    ...rootOnly('qemu', [
      absentMount,
      {
        path: '/etc/shadow',
        mode: '0100640',
        change: (content) => content.toString().replace(/^root:[^:]*:/m, 'root:!:'),
      },
    ]),
    expect: { phase: 'userspace', reason: /emergency mode, waiting for .*by-label\/absent/ },
  },
  {
    name: 'userspace-powers-off',
    what: 'a service that powers the machine off',
    cell,
    ...rootOnly(
      'qemu',
      earlyService('switch-off', ['ExecStart=/usr/bin/systemctl poweroff --force --force']),
    ),
    expect: { phase: 'userspace', reason: /powered itself off/ },
  },
  {
    name: 'userspace-reboots',
    what: 'a service that reboots the machine at each start',
    cell,
    ...rootOnly('qemu', earlyService('start-again', ['ExecStart=/usr/bin/systemctl reboot --force --force'])),
    expect: { phase: 'userspace', reason: /resets itself in phase userspace/ },
  },
  {
    name: 'userspace-init-without-libraries',
    what: "systemd's own library is gone: the system's init cannot run",
    cell,
    ...rootOnly('qemu', [{ path: '/usr/lib/x86_64-linux-gnu/systemd/libsystemd-core-257.so', remove: true }]),
    expect: { phase: 'userspace', reason: /panic(?:ked)?: Attempted to kill init!/ },
  },
  {
    name: 'userspace-waits-for-ever',
    what: 'a service that never ends, and everything waits for it',
    cell,
    ...rootOnly(
      'qemu',
      earlyService('patience', ['TimeoutStartSec=infinity', 'ExecStart=/usr/bin/sleep infinity']),
    ),
    expect: { phase: 'userspace', reason: /no progress .*waiting for patience\.service/ },
  },
];
