import { dirname } from 'node:path';
import type { LoaderEntry } from './entry.ts';
import { isPlainPath, type MediumFiles } from './files.ts';
import { readGrubConfig } from './grub.ts';
import { readSyslinuxConfig } from './syslinux.ts';
import { fallbackKernel, systemdBootEntry, type Workshop } from './systemd-boot.ts';

/** Where loaders have their configuration, from the root of a boot partition, of a system, or of an ISO. */
export const places = {
  bls: ['/loader', '/boot/loader'],
  grub: [
    '/boot/grub/grub.cfg',
    '/grub/grub.cfg',
    '/boot/grub2/grub.cfg',
    '/EFI/BOOT/grub.cfg',
    '/EFI/boot/grub.cfg',
  ],
  syslinux: [
    '/isolinux/isolinux.cfg',
    '/boot/extlinux/extlinux.conf',
    '/extlinux/extlinux.conf',
    '/syslinux/syslinux.cfg',
  ],
};

/**
 * What the bootloader of this file system starts by default; undefined where none is found that starts a kernel.
 * @param workshop absent: unified kernel images are not looked at
 */
export async function findLoaderEntry(
  files: MediumFiles,
  workshop?: Workshop,
): Promise<LoaderEntry | undefined> {
  for await (const entry of entries(files, workshop)) {
    if (entry !== undefined && [entry.kernel, ...entry.initrds].every(isPlainPath)) return entry;
  }
  return undefined;
}

/** The name by which SYSLINUX, or one of its kin, boots by default; undefined where it has no configuration here. */
export async function findSyslinuxLabel(files: MediumFiles): Promise<string | undefined> {
  for await (const entry of syslinuxEntries(files)) {
    if (entry !== undefined) return plainLabel.test(entry.label ?? '') ? entry.label : undefined;
  }
  return undefined;
}

/** It is typed: what no prompt takes as one word, or no keyboard has, is none. */
const plainLabel = /^[\w.+-]{1,60}$/;

async function* entries(files: MediumFiles, workshop?: Workshop): AsyncGenerator<LoaderEntry | undefined> {
  // Where this is a kernel no bootloader is ever asked.
  if (workshop !== undefined) yield fallbackKernel(files, workshop);
  for (const place of places.bls) yield systemdBootEntry(files, place, workshop);
  for (const place of places.grub) yield readGrubConfig((await files.read(place)) ?? '');
  yield* syslinuxEntries(files);
}

async function* syslinuxEntries(files: MediumFiles): AsyncGenerator<LoaderEntry | undefined> {
  for (const place of places.syslinux)
    yield readSyslinuxConfig((await files.read(place)) ?? '', dirname(place));
}
