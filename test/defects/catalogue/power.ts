import type { Defect } from '../defect.ts';
import { append } from '../make/contents.ts';
import { disk } from '../make/disk.ts';
import type { Ext4Edit } from '../make/ext4.ts';

const bios = 'qemu.x86_64.bios.disk';

/** What systemd-logind does about the power button. */
const powerKey = (action: string): Ext4Edit => ({
  path: '/etc/systemd/logind.conf',
  change: append(`\n[Login]\nHandlePowerKey=${action}\n`),
});

/** A service that starts when the system is up. */
function lateService(name: string, lines: readonly string[]): Ext4Edit[] {
  const unit = `/etc/systemd/system/${name}.service`;
  const text = ['[Unit]', `Description=${name}`, '[Service]', 'Type=oneshot', ...lines, ''];
  return [
    { path: unit, create: text.join('\n') },
    { path: `/etc/systemd/system/multi-user.target.wants/${name}.service`, symlink: unit },
  ];
}

const hangs = lateService('refuser', [
  'RemainAfterExit=yes',
  'ExecStart=/usr/bin/true',
  'ExecStop=/usr/bin/sleep infinity',
  'TimeoutStopSec=infinity',
]);

/** A system that keeps its contract while it is up, and does not go down as it should. */
export const power: readonly Defect[] = [
  {
    name: 'power-button-ignored',
    what: 'logind ignores the power button',
    cell: bios,
    make: disk('qemu', { root: [powerKey('ignore')] }),
    expect: { checks: { power: /asked to power off, .* still running: .*HandlePowerKey is ignore/ } },
  },
  {
    name: 'power-button-reboots',
    what: 'the power button reboots',
    cell: bios,
    make: disk('qemu', { root: [powerKey('reboot')] }),
    expect: { checks: { power: /asked to power off, the machine reset itself/ } },
  },
  {
    name: 'power-off-hangs',
    what: 'a service that does not stop',
    cell: bios,
    make: disk('qemu', { root: hangs }),
    expect: { checks: { power: /asked to power off, .* still running: stop job refuser/ } },
  },
];
