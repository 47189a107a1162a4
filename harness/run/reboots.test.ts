import { expect, it } from 'vitest';
import type { Phase } from '../events.ts';
import { Reboots } from './reboots.ts';

const loops = (...reached: Phase[]): boolean[] => {
  const reboots = new Reboots();
  return reached.map((phase) => reboots.add(phase));
};

it('the third reset without getting further is one too many', () => {
  expect(loops('kernel', 'kernel', 'kernel')).toEqual([false, false, true]);
  expect(loops('userspace', 'kernel', 'kernel')).toEqual([false, false, true]);
  expect(loops('firmware', 'firmware', 'firmware')).toEqual([false, false, true]);
});

it("the firmware's own reset, which follows the guest's, does not count", () => {
  expect(loops('userspace', 'firmware', 'userspace', 'firmware')).not.toContain(true);
  expect(loops('userspace', 'firmware', 'userspace', 'firmware', 'userspace').at(-1)).toBe(true);
});

it('a boot that gets further each time may go on', () => {
  expect(loops('bootloader', 'kernel', 'initrd', 'userspace', 'userspace')).not.toContain(true);
});
