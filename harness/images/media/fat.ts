/** Media descriptors of floppy disks, and what some tools write instead of one. */
const otherMedia = new Set([0xf0, 0, 1]);

/**
 * Bytes that a FAT file system takes, by its BIOS parameter block; undefined when the sector starts none
 * (Microsoft, "FAT32 File System Specification": FAT12, FAT16 and FAT32 alike). What UEFI firmware takes for one counts
 * (EDK2, FatPkg/EnhancedFatDxe/Init.c): it asks for no jump instruction at the start, and for no signature at the end.
 */
export function fatSize(bootSector: Buffer): number | undefined {
  const bytesPerSector = bootSector.readUInt16LE(11);
  const sectorsPerCluster = bootSector.readUInt8(13);
  const reservedSectors = bootSector.readUInt16LE(14);
  const fats = bootSector.readUInt8(16);
  const media = bootSector.readUInt8(21);
  const sectors = bootSector.readUInt16LE(19) || bootSector.readUInt32LE(32);
  const plausible =
    [512, 1024, 2048, 4096].includes(bytesPerSector) &&
    sectorsPerCluster > 0 &&
    (sectorsPerCluster & (sectorsPerCluster - 1)) === 0 &&
    reservedSectors > 0 &&
    fats > 0 &&
    (media >= 0xf8 || otherMedia.has(media)) &&
    sectors > 0;
  return plausible ? sectors * bytesPerSector : undefined;
}
