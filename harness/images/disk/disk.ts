import { archOf, diskBootPaths } from '../media/boot-paths.ts';
import { type Content, withContent } from '../content.ts';
import { damagedImage, notBootable, otherKind, unknownImage } from '../errors.ts';
import type { Arch, DiskDriver, DiskImage } from '../image.ts';
import { knownFileHead, knownFileSystems, recognise } from '../known-files.ts';
import { fatSize } from '../media/fat.ts';
import { isExt } from '../media/ext.ts';
import { isBootSector, type PartitionTable, readPartitionTable } from '../media/partitions.ts';
import { refuseQcow2References, refuseUnclosedQcow2 } from './qcow2.ts';
import { refuseInUse } from './in-use.ts';
import { refuseTruncated, virtualSize } from './qemu-img.ts';
import { kernelInside } from '../loaders/kernel-inside.ts';
import { isText } from '../text.ts';
import { refuseVhdFaults } from './vhd.ts';
import { vmdkFiles } from './vmdk.ts';

/** How a disk came here. */
export interface Origin {
  /** Out of an archive: some platforms take file systems without a boot loader, and such come packed. @default false */
  packed?: boolean;
  /** Only its beginning is there. @default all of it */
  beginning?: boolean;
  /** The architecture that its name tells, for what its beginning does not. */
  named?: Arch | undefined;
}

/** Thrown for a disk of whose ways to boot its beginning does not tell. */
export class OnlyWhole extends Error {}

/**
 * Identifies a disk image: first that it is safe and whole, then how its content boots.
 * @param file the file's own bytes
 * @throws UsageError of any code in errors.ts; OnlyWhole
 */
export async function identifyDisk(
  file: Content,
  driver: DiskDriver,
  origin: Origin = {},
): Promise<DiskImage> {
  const { beginning = false } = origin;
  const { path } = file;
  if (driver === 'qcow2') await refuseQcow2References(file);
  if (driver === 'vpc') await refuseVhdFaults(file);
  const files = driver === 'vmdk' ? await vmdkFiles(file) : [path];
  const describe = async (content: Content): Promise<DiskImage> => {
    const table = await readPartitionTable(content);
    if (table.problem !== undefined)
      throw damagedImage(path, 'a disk image with a sound partition table', table.problem);
    const boots = await diskBootPaths(content, table);
    const disk: DiskImage = {
      kind: 'disk',
      path,
      files,
      arch: archOf(boots),
      driver,
      virtualSize: content.size,
      table: table.kind,
      boots,
      ...(table.partitions.some(({ isEsp }) => isEsp) ? { hasEsp: true } : {}),
    };
    const isFound = boots.bios || boots.uefi.length > 0;
    // A file system with loaders for UEFI may lie further behind.
    const mayHoldMore = table.kind === 'gpt' || (isFound && table.partitions.length > 1);
    if (beginning && boots.uefi.length === 0 && mayHoldMore) throw new OnlyWhole();
    if (isFound) return disk;
    // A file system for UEFI, as sticks have it: its directories may lie further behind.
    if (beginning && fatSize(await content.read(0, 512)) !== undefined) throw new OnlyWhole();
    const named = driver === 'raw' ? await namedKernel(content, table, origin) : undefined;
    if (named === undefined) throw await whyNotBootable(content, driver, table, origin);
    return { ...disk, ...named };
  };
  if (driver === 'raw') {
    await refuseInUse(file);
    return describe(file);
  }
  const size = await virtualSize({ path, driver });
  if (driver === 'qcow2') await refuseUnclosedQcow2(file);
  if (!beginning) await refuseTruncated({ path, driver }, file.size);
  return withContent({ path, driver, size }, describe);
}

/** What starts on a disk without boot code, by a loader that its platform has. */
async function namedKernel(
  content: Content,
  { partitions }: PartitionTable,
  { packed, beginning, named }: Origin,
): Promise<Pick<DiskImage, 'arch' | 'kernelNamedBy'> | undefined> {
  const active = partitions.filter((partition) => partition.active);
  if (beginning === true && partitions.length > 0) {
    if (active.length === 0 || named === undefined) throw new OnlyWhole();
    return { arch: named, kernelNamedBy: 'extlinux' };
  }
  for (const { start } of active) {
    const arch = await kernelInside(content, start, 'extlinux');
    if (arch !== undefined) return { arch, kernelNamedBy: 'extlinux' };
  }
  if (packed !== true || partitions.length > 0) return undefined;
  // Those who ship whole file systems ship them for x86_64.
  const arch = beginning === true && (await isExt(content, 0)) ? 'x86_64' : await kernelInside(content, 0);
  return arch === undefined ? undefined : { arch, kernelNamedBy: 'file-system' };
}

async function whyNotBootable(
  content: Content,
  driver: DiskDriver,
  { kind }: PartitionTable,
  { packed }: Origin,
): Promise<Error> {
  const { path } = content;
  const loaders = 'EFI/BOOT/BOOTX64.EFI or BOOTAA64.EFI on a FAT file system';
  if (kind !== 'none') {
    return notBootable(
      path,
      `a partitioned disk with neither BIOS boot code nor ${loaders}`,
      'install a boot loader on it',
    );
  }
  const head = await content.read(0, knownFileHead);
  const known = recognise(head, knownFileSystems);
  if (packed === true && (await isExt(content, 0))) {
    return notBootable(
      path,
      "a file system in which no bootloader's configuration names a kernel that is there",
      'put kernel, initrd and configuration into its /boot',
    );
  }
  if (known !== undefined) return (driver === 'raw' ? otherKind : notBootable)(path, known.name, known.todo);
  if (isBootSector(head))
    return notBootable(
      path,
      `a disk with neither BIOS boot code nor ${loaders}`,
      'install a boot loader on it',
    );
  const blank = head.every((byte) => byte === 0);
  if (driver !== 'raw' || blank)
    return notBootable(path, 'a disk that starts blank, without a boot sector', 'build it again');
  return unknownImage(
    path,
    isText(head.subarray(0, Math.min(head.length, content.size))) ? 'text' : 'data of an unknown kind',
  );
}
