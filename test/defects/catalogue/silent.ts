import type { Defect } from '../defect.ts';
import { disk } from '../make/disk.ts';
import type { Ext4Edit } from '../make/ext4.ts';
import type { Make } from '../make/make.ts';
import { ofSilent } from '../make/silent.ts';
import { bootloader } from './bootloader.ts';
import { firmware } from './firmware.ts';
import { initrd } from './initrd.ts';
import { kernel } from './kernel.ts';
import { login } from './login.ts';
import { userspace } from './userspace.ts';

/** Defects of what only an image has that speaks on serial: its getty there. */
const onSerialAlone: ReadonlySet<string> = new Set(['login-user-missing']);

/** Defects of files that only a PC's root file system has under these names. */
const onPcAlone: ReadonlySet<string> = new Set(['userspace-init-without-libraries']);

/** The other disks that have the same root file system, by what their twins are called. */
const otherDisks = {
  bios: { format: 'qemu', cell: 'qemu.x86_64.bios.disk' },
  uefi: { format: 'qemu-efi', cell: 'qemu-efi.x86_64.uefi.disk' },
  arm: { format: 'qemu-efi-aarch64', cell: 'qemu-efi.aarch64.uefi.disk' },
} as const;

/** The same defect in an image that is silent on serial: the same verdict, in the same phase, for the same reason. */
function silentTwins({ name, what, cell, make, root, expect }: Defect): Defect[] {
  const twin = (suffix: string, cell: string, make: Make): Defect => ({
    name: `${name}-${suffix}`,
    what: `${what}; silent on serial`,
    cell,
    make: ofSilent(make),
    expect,
  });
  const others = Object.entries(otherDisks).filter(
    ([where, other]) => other.cell !== cell && !(where === 'arm' && onPcAlone.has(name)),
  );
  const onOtherDisks = (root: readonly Ext4Edit[]): Defect[] =>
    others.map(([where, { format, cell }]) => twin(`${where}-silent`, cell, disk(format, { root })));
  return [twin('silent', cell, make), ...(root === undefined ? [] : onOtherDisks(root))];
}

/** Ends before a command runs; what is refused is never booted, and what is checked needs a way in, which is another matter. */
const hasTwin = ({ name, expect }: Defect): boolean => 'phase' in expect && !onSerialAlone.has(name);

/** The twins of what ends a boot, in the order of the phases: what a person sees of them is on the screen alone. */
export const silent: readonly Defect[] = [
  ...firmware,
  ...bootloader,
  ...kernel,
  ...initrd,
  ...userspace,
  ...login,
]
  .filter(hasTwin)
  .flatMap(silentTwins);
