import { expect, it } from 'vitest';
import type { DriveBus } from '../machine/board/description.ts';
import type { Machine, QmpEvent } from '../machine/machine.ts';
import { mediumOf } from './medium.ts';

/** A machine that was started from a drive on this bus, and what it was told. */
function machineWith(bus: DriveBus) {
  const told: [string, unknown][] = [];
  const listeners = new Set<(event: QmpEvent) => void>();
  const machine = {
    description: { drives: [{ bus }] },
    async qmp(execute: string, args?: Record<string, unknown>) {
      told.push([execute, args]);
      // QEMU answers first, and tells later that the guest has let go.
      if (execute === 'device_del')
        setImmediate(() =>
          listeners.forEach((tell) => tell({ event: 'DEVICE_DELETED', data: { device: 'medium' } })),
        );
    },
    onQmpEvent(listener: (event: QmpEvent) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Machine;
  return { machine, told, listeners };
}

it('takes a disc out of its drive and puts it back', async () => {
  const { machine, told } = machineWith('cdrom');
  const medium = mediumOf(machine);
  await medium?.pull();
  await medium?.putBack();
  expect(told).toEqual([
    ['blockdev-open-tray', { id: 'medium', force: true }],
    ['blockdev-remove-medium', { id: 'medium' }],
    ['blockdev-insert-medium', { id: 'medium', 'node-name': 'drive0' }],
    ['blockdev-close-tray', { id: 'medium' }],
  ]);
});

it('unplugs a stick and waits until it is gone', async () => {
  const { machine, told, listeners } = machineWith('usb');
  const medium = mediumOf(machine);
  await medium?.pull();
  expect(listeners.size).toBe(0);
  await medium?.putBack();
  expect(told).toEqual([
    ['device_del', { id: 'medium' }],
    ['device_add', { driver: 'usb-storage', bus: 'usb.0', removable: true, drive: 'drive0', id: 'medium' }],
  ]);
});

it.each(['sata', 'virtio-blk'] as const)('knows none on %s', (bus) => {
  expect(mediumOf(machineWith(bus).machine)).toBeUndefined();
});
