import { hasCode } from './boot-code.ts';
import { archOf, byArch, diskBootPaths } from './boot-paths.ts';
import type { Content } from '../content.ts';
import { refuseInUse } from '../disk/in-use.ts';
import { damagedImage, notBootable } from '../errors.ts';
import { uefiLoaders } from './esp.ts';
import { fatSize } from './fat.ts';
import type { Arch, BootPaths, IsoImage } from '../image.ts';
import { readPartitionTable } from './partitions.ts';
import { uefiLoadersOnUdf } from './udf.ts';
import { printable } from '../../printable.ts';

/** Where the volume descriptors begin: sector 16 of 2048 bytes (ECMA-119). */
export const descriptorsAt = 16 * 2048;
const sector = 2048;
const maxDescriptors = 32;

/** El Torito's boot indicator, platform ids and section headers (specification 1.0, UEFI 13.3.2.1). */
const bootable = 0x88;
const platformX86 = 0;
const sectionHeaders = new Set([0x90, 0x91]);

interface BootEntry {
  platform: number;
  /** Bytes from the start of the medium. */
  start: number;
}

/** Whether a volume descriptor is one: ISO 9660's standard identifier. */
export const isVolumeDescriptor = (bytes: Buffer): boolean => bytes.toString('latin1', 1, 6) === 'CD001';

/**
 * Says how an ISO 9660 medium boots as a CD-ROM (El Torito) and as a USB stick (MBR, GPT).
 * @throws UsageError `image-damaged`, `image-not-bootable`
 */
export async function identifyIso(content: Content): Promise<IsoImage> {
  const { path, size } = content;
  const { primary, bootRecords } = await readDescriptors(content);
  if (primary === undefined) throw damagedImage(path, 'an ISO with a primary volume descriptor', 'none');
  const end = primary.readUInt32LE(80) * primary.readUInt16LE(128);
  if (end > size)
    throw damagedImage(
      path,
      `an ISO of ${end} bytes, as its volume descriptor says`,
      `${size}: it is truncated`,
    );
  await refuseInUse(content);
  const cdrom = await cdromBootPaths(content, bootRecords);
  const usb = await usbBootPaths(content, cdrom);
  const boots = { bios: cdrom.bios || usb.bios, uefi: [...cdrom.uefi, ...usb.uefi] };
  if (!boots.bios && boots.uefi.length === 0) {
    throw notBootable(
      path,
      'an ISO without boot entries for a PC BIOS, x86_64 or aarch64 UEFI',
      'build a bootable one',
    );
  }
  const volumeId = printable(primary.toString('latin1', 40, 72)).trimEnd();
  return { kind: 'iso', path, files: [path], arch: archOf(boots), volumeId, cdrom, usb };
}

async function readDescriptors(content: Content): Promise<{ primary?: Buffer; bootRecords: Buffer[] }> {
  const found: { primary?: Buffer; bootRecords: Buffer[] } = { bootRecords: [] };
  for (let index = 0; index < maxDescriptors; index++) {
    const descriptor = await content.read(descriptorsAt + index * sector, sector);
    const type = descriptor.readUInt8(0);
    if (!isVolumeDescriptor(descriptor) || type === 255) break;
    if (type === 1) found.primary ??= descriptor;
    if (type === 0 && descriptor.toString('latin1', 7, 30) === 'EL TORITO SPECIFICATION')
      found.bootRecords.push(descriptor);
  }
  return found;
}

/**
 * UEFI firmware makes a partition of every bootable entry, whatever platform the catalog says it is for, and starts what it
 * finds on those with a FAT (EDK2, MdeModulePkg/Universal/Disk/PartitionDxe/ElTorito.c). A PC BIOS does not look inside.
 */
async function cdromBootPaths(content: Content, bootRecords: readonly Buffer[]): Promise<BootPaths> {
  let bios = false;
  const uefi: Arch[] = await uefiLoadersOnUdf(content);
  for (const record of bootRecords) {
    for (const { platform, start } of bootEntries(
      await content.read(record.readUInt32LE(71) * sector, sector),
    )) {
      const head = await content.read(start, 512);
      const isFat = fatSize(head) !== undefined;
      if (isFat) uefi.push(...(await uefiLoaders(content, start)));
      // An EFI system partition that stands under a PC's platform only apologises to a BIOS.
      bios ||= platform === platformX86 && (!isFat || hasCode(head));
    }
  }
  return { bios, uefi: byArch(uefi) };
}

/** On a stick, too, UEFI firmware looks for El Torito, unless there is a sound GPT (EDK2, PartitionDxe/Partition.c). */
async function usbBootPaths(content: Content, cdrom: BootPaths): Promise<BootPaths> {
  const table = await readPartitionTable(content);
  const { bios, uefi } = await diskBootPaths(content, table);
  const isHybrid = bios || table.kind !== 'none';
  const isGpt = table.kind === 'gpt' && table.problem === undefined;
  return { bios, uefi: isHybrid && !isGpt ? byArch([...uefi, ...cdrom.uefi]) : uefi };
}

/** The bootable entries of a boot catalog: validation entry, default entry, then sections with a platform each. */
function bootEntries(catalog: Buffer): BootEntry[] {
  if (catalog.readUInt8(0) !== 1 || catalog.readUInt16LE(30) !== 0xaa55) return [];
  const entries: BootEntry[] = [];
  let platform = catalog.readUInt8(1);
  for (let at = 32; at < catalog.length; at += 32) {
    const indicator = catalog.readUInt8(at);
    if (sectionHeaders.has(indicator)) platform = catalog.readUInt8(at + 1);
    const start = catalog.readUInt32LE(at + 8) * sector;
    if (indicator === bootable && start > 0) entries.push({ platform, start });
  }
  return entries;
}
