import type { Content } from '../content.ts';
import { damagedImage, unsafeImage } from '../errors.ts';
import { vhdFooter } from './driver.ts';

/**
 * Disk types in a VHD's footer: all bytes in order, and what continues in a parent (Microsoft, "Virtual Hard Disk Image
 * Format Specification").
 */
const [fixed, differencing] = [2, 4];
const footerLength = 512;
/** Where a footer tells the disk's size and its type. */
const [sizeAt, typeAt] = [48, 60];

/**
 * Refuses a VHD that continues in a parent, which QEMU would read as if the parent were blank, and one that ends early. A
 * dynamic VHD has a copy of its footer at its start, which is all that QEMU reads (block/vpc.c); its platforms read the one
 * at its end.
 * @throws UsageError `image-unsafe`, `image-damaged`
 */
export async function refuseVhdFaults({ path, size, read }: Content): Promise<void> {
  const footer = vhdFooter(await read(Math.max(size - footerLength, 0), footerLength));
  const types = [footer, vhdFooter(await read(0, footerLength))].map((one) => one?.readUInt32BE(typeAt));
  if (types.includes(differencing)) {
    throw unsafeImage(
      path,
      'a differencing VHD, which continues in a parent',
      'merge it into its parent first',
    );
  }
  if (footer === undefined)
    throw damagedImage(
      path,
      'a VHD with its footer at its end',
      'none there: it is truncated, or has grown since',
    );
  const end = Number(footer.readBigUInt64BE(sizeAt)) + footerLength;
  if (types[0] === fixed && end > size)
    throw damagedImage(path, `a VHD of ${end} bytes, as its footer says`, `${size}: it is truncated`);
}
