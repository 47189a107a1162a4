import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatPaths } from '../../../reference/formats.ts';
import type { Make } from './make.ts';

/** The formats that have a silent twin in a file of its own; netboot has a script more. */
const twins = ['qemu', 'qemu-efi', 'qemu-efi-aarch64', 'iso-installer'] as const;

/** Makes the same of the silent reference images: those whose boot menus never name the serial port. */
export const ofSilent =
  (make: Make): Make =>
  async (reference, scratch) =>
    make(await silentReference(reference, join(scratch, 'reference')), scratch);

/** A directory like that of the reference images, in which each silent twin has the name of the talking one. */
async function silentReference(reference: string, directory: string): Promise<string> {
  const place = async (from: string, to: string): Promise<void> => {
    await mkdir(dirname(join(directory, to)), { recursive: true });
    await symlink(join(reference, from), join(directory, to));
  };
  for (const format of twins) await place(formatPaths[`${format}-silent`], formatPaths[format]);
  const netboot = join(reference, formatPaths.netboot);
  for (const file of ['bzImage', 'initrd'])
    await place(join(formatPaths.netboot, file), join(formatPaths.netboot, file));
  await copyFile(join(netboot, 'netboot-silent.ipxe'), join(directory, formatPaths.netboot, 'netboot.ipxe'));
  return directory;
}
