import type { Content } from '../content.ts';
import { damagedImage, unsafeImage } from '../errors.ts';

/**
 * Disk types in a VHD's footer: all bytes in order, and what continues in a parent (Microsoft, "Virtual Hard Disk Image
 * Format Specification").
 */
const [fixed, differencing] = [2, 4];
const footerLength = 512;

/**
 * Refuses a VHD that continues in a parent, which QEMU would read as if the parent were blank, and one that ends early.
 * @throws UsageError `image-unsafe`, `image-damaged`
 */
export async function refuseVhdFaults({ path, size, read }: Content): Promise<void> {
  const footer = await read(Math.max(size - footerLength, 0), footerLength);
  const type = footer.readUInt32BE(60);
  const end = Number(footer.readBigUInt64BE(48)) + footerLength;
  if (type === fixed && end > size)
    throw damagedImage(path, `a VHD of ${end} bytes, as its footer says`, `${size}: it is truncated`);
  if (type === differencing) {
    throw unsafeImage(
      path,
      'a differencing VHD, which continues in a parent',
      'merge it into its parent first',
    );
  }
}
