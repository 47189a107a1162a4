import type { Medium } from '../console/medium.ts';
import { mediumId } from '../machine/board/hardware.ts';
import type { Machine } from '../machine/machine.ts';

/** The medium that a machine was started from, where it can be pulled; QEMU's commands for it are in qapi/block.json and qapi/qdev.json. */
export function mediumOf(machine: Machine): Medium | undefined {
  const [first] = machine.description.drives;
  if (first?.bus === 'cdrom') return disc(machine);
  return first?.bus === 'usb' ? stick(machine) : undefined;
}

/** The drive stays, as the guest's lock on its tray does not: a management controller takes a disc away so. */
function disc(machine: Machine): Medium {
  const drive = { id: mediumId };
  return {
    kind: 'disc',
    async pull() {
      await machine.qmp('blockdev-open-tray', { ...drive, force: true });
      await machine.qmp('blockdev-remove-medium', drive);
    },
    async putBack() {
      await machine.qmp('blockdev-insert-medium', { ...drive, 'node-name': 'drive0' });
      await machine.qmp('blockdev-close-tray', drive);
    },
  };
}

function stick(machine: Machine): Medium {
  return {
    kind: 'stick',
    async pull() {
      const gone = Promise.withResolvers<void>();
      const off = machine.onQmpEvent(({ event, data }) => {
        if (event === 'DEVICE_DELETED' && data['device'] === mediumId) gone.resolve();
      });
      try {
        await machine.qmp('device_del', { id: mediumId });
        await gone.promise;
      } finally {
        off();
      }
    },
    async putBack() {
      const device = { driver: 'usb-storage', bus: 'usb.0', removable: true, drive: 'drive0' };
      await machine.qmp('device_add', { ...device, id: mediumId });
    },
  };
}
