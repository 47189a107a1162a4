import { expect, it } from 'vitest';
import type { Phase } from '../../events.ts';
import { Reboots } from './reboots.ts';

const loops = (...reached: Phase[]): boolean[] => {
  const reboots = new Reboots();
  return reached.map((phase) => reboots.add(phase));
};

it('the third reset without getting further is one too many', () => {
  expect(loops('kernel', 'kernel', 'kernel')).toEqual([false, false, true]);
  expect(loops('userspace', 'kernel', 'kernel')).toEqual([false, false, true]);
});

it("the firmware's own resets, which follow the guest's, do not count", () => {
  expect(loops('userspace', 'firmware', 'firmware', 'userspace', 'firmware')).not.toContain(true);
  expect(loops('userspace', 'firmware', 'userspace', 'firmware', 'firmware', 'userspace').at(-1)).toBe(true);
});

it('a firmware that resets itself for ever is found all the same', () => {
  expect(loops(...Array<Phase>(9).fill('firmware')).indexOf(true)).toBe(8);
});

it('a boot that gets further each time may go on', () => {
  expect(loops('bootloader', 'kernel', 'initrd', 'userspace', 'userspace')).not.toContain(true);
});
