import { archOf, diskBootPaths } from '../media/boot-paths.ts';
import { type Content, withContent } from '../content.ts';
import { damagedImage, notBootable, otherKind, unknownImage } from '../errors.ts';
import type { DiskDriver, DiskImage } from '../image.ts';
import { knownFileHead, knownFileSystems, recognise } from '../known-files.ts';
import { isBootSector, type PartitionTable, readPartitionTable } from '../media/partitions.ts';
import { refuseQcow2References, refuseUnclosedQcow2 } from './qcow2.ts';
import { refuseInUse } from './in-use.ts';
import { refuseTruncated, virtualSize } from './qemu-img.ts';
import { isText } from '../text.ts';
import { refuseVhdFaults } from './vhd.ts';
import { vmdkFiles } from './vmdk.ts';

/**
 * Identifies a disk image: first that it is safe and whole, then how its content boots.
 * @param file the file's own bytes
 * @throws UsageError of any code in errors.ts
 */
export async function identifyDisk(file: Content, driver: DiskDriver): Promise<DiskImage> {
  const { path } = file;
  if (driver === 'qcow2') await refuseQcow2References(file);
  if (driver === 'vpc') await refuseVhdFaults(file);
  const files = driver === 'vmdk' ? await vmdkFiles(file) : [path];
  const describe = async (content: Content): Promise<DiskImage> => {
    const table = await readPartitionTable(content);
    if (table.problem !== undefined)
      throw damagedImage(path, 'a disk image with a sound partition table', table.problem);
    const boots = await diskBootPaths(content, table);
    if (!boots.bios && boots.uefi.length === 0) throw await whyNotBootable(content, driver, table);
    return {
      kind: 'disk',
      path,
      files,
      arch: archOf(boots),
      driver,
      virtualSize: content.size,
      table: table.kind,
      boots,
    };
  };
  if (driver === 'raw') {
    await refuseInUse(file);
    return describe(file);
  }
  const size = await virtualSize({ path, driver });
  if (driver === 'qcow2') await refuseUnclosedQcow2(file);
  await refuseTruncated({ path, driver }, file.size);
  return withContent({ path, driver, size }, describe);
}

async function whyNotBootable(
  content: Content,
  driver: DiskDriver,
  { kind }: PartitionTable,
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
