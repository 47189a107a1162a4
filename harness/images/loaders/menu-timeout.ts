import type { MediumFiles } from './files.ts';
import { places } from './find.ts';

/** Seconds after which a boot menu goes on, by each time-out that its configuration names; the longest is waited for. */
const timeouts: Record<
  'bios' | 'uefi',
  readonly { files: readonly string[]; read: (text: string) => number[] }[]
> = {
  bios: [
    { files: places.syslinux, read: readSyslinux },
    { files: places.grub, read: readGrub },
  ],
  uefi: [{ files: places.grub, read: readGrub }],
};

/** SYSLINUX doc/syslinux.txt: tenths of a second; 0 is none. */
function readSyslinux(text: string): number[] {
  return Array.from(text.matchAll(/^\s*(?:total)?timeout\s+(\d+)/gim), ([, tenths]) => Number(tenths) / 10);
}

/** GRUB's manual, "timeout": seconds; -1 is none. */
function readGrub(text: string): number[] {
  return Array.from(text.matchAll(/^\s*set timeout=["']?(-?\d+)/gm), ([, seconds]) => Number(seconds));
}

/**
 * Seconds after which the boot menu of this medium goes on by itself, by its configuration; undefined where it names no
 * time-out, or none is found: some menus count down without showing it.
 */
export async function findMenuTimeout(
  files: Pick<MediumFiles, 'read'>,
  firmware: 'bios' | 'uefi',
): Promise<number | undefined> {
  const found: number[] = [];
  for (const { files: paths, read } of timeouts[firmware])
    for (const path of paths) found.push(...read((await files.read(path)) ?? ''));
  const longest = Math.max(0, ...found);
  return longest > 0 ? longest : undefined;
}
