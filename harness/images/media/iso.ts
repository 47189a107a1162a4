import { archOf, diskBootPaths } from './boot-paths.ts';
import type { Content } from '../content.ts';
import { damagedImage, notBootable } from '../errors.ts';
import { uefiLoaders } from './esp.ts';
import type { Arch, BootPaths, IsoImage } from '../image.ts';
import { readPartitionTable } from './partitions.ts';
import { printable } from '../../printable.ts';

/** Where the volume descriptors begin: sector 16 of 2048 bytes (ECMA-119). */
export const descriptorsAt = 16 * 2048;
const sector = 2048;
const maxDescriptors = 32;

/** El Torito's boot indicator, platform ids and section headers (specification 1.0, UEFI 13.3.2.1). */
const bootable = 0x88;
const platformX86 = 0;
const platformEfi = 0xef;
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
  const { primary, bootRecord } = await readDescriptors(content);
  if (primary === undefined) throw damagedImage(path, 'an ISO with a primary volume descriptor', 'none');
  const end = primary.readUInt32LE(80) * primary.readUInt16LE(128);
  if (end > size)
    throw damagedImage(
      path,
      `an ISO of ${end} bytes, as its volume descriptor says`,
      `${size}: it is truncated`,
    );
  const cdrom =
    bootRecord === undefined ? { bios: false, uefi: [] } : await cdromBootPaths(content, bootRecord);
  const usb = await diskBootPaths(content, await readPartitionTable(content));
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

async function readDescriptors(content: Content): Promise<{ primary?: Buffer; bootRecord?: Buffer }> {
  const found: { primary?: Buffer; bootRecord?: Buffer } = {};
  for (let index = 0; index < maxDescriptors; index++) {
    const descriptor = await content.read(descriptorsAt + index * sector, sector);
    const type = descriptor.readUInt8(0);
    if (!isVolumeDescriptor(descriptor) || type === 255) break;
    if (type === 1) found.primary ??= descriptor;
    if (type === 0 && descriptor.toString('latin1', 7, 30) === 'EL TORITO SPECIFICATION')
      found.bootRecord ??= descriptor;
  }
  return found;
}

async function cdromBootPaths(content: Content, bootRecord: Buffer): Promise<BootPaths> {
  const entries = bootEntries(await content.read(bootRecord.readUInt32LE(71) * sector, sector));
  const uefi: Arch[] = [];
  for (const { platform, start } of entries) {
    if (platform === platformEfi) uefi.push(...(await uefiLoaders(content, start)));
  }
  return { bios: entries.some(({ platform }) => platform === platformX86), uefi: [...new Set(uefi)] };
}

/** The bootable entries of a boot catalog: validation entry, default entry, then sections with a platform each. */
function bootEntries(catalog: Buffer): BootEntry[] {
  if (catalog.readUInt8(0) !== 1 || catalog.readUInt16LE(30) !== 0xaa55) return [];
  const entries: BootEntry[] = [];
  let platform = catalog.readUInt8(1);
  for (let at = 32; at < catalog.length; at += 32) {
    const indicator = catalog.readUInt8(at);
    if (sectionHeaders.has(indicator)) platform = catalog.readUInt8(at + 1);
    if (indicator === bootable) entries.push({ platform, start: catalog.readUInt32LE(at + 8) * sector });
  }
  return entries;
}
