/**
 * Bytes that a FAT file system takes, by its BIOS parameter block; undefined when the sector starts none
 * (Microsoft, "FAT32 File System Specification": FAT12, FAT16 and FAT32 alike).
 */
export function fatSize(bootSector: Buffer): number | undefined {
  const bytesPerSector = bootSector.readUInt16LE(11);
  const sectorsPerCluster = bootSector.readUInt8(13);
  const reservedSectors = bootSector.readUInt16LE(14);
  const fats = bootSector.readUInt8(16);
  const sectors = bootSector.readUInt16LE(19) || bootSector.readUInt32LE(32);
  const plausible =
    [0xeb, 0xe9].includes(bootSector.readUInt8(0)) &&
    [512, 1024, 2048, 4096].includes(bytesPerSector) &&
    sectorsPerCluster > 0 &&
    (sectorsPerCluster & (sectorsPerCluster - 1)) === 0 &&
    reservedSectors > 0 &&
    (fats === 1 || fats === 2) &&
    sectors > 0;
  return plausible ? sectors * bytesPerSector : undefined;
}
