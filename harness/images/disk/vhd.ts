import type { Content } from '../content.ts';
import { unsafeImage } from '../errors.ts';

/** Disk type in a VHD's footer that continues in a parent (Microsoft, "Virtual Hard Disk Image Format Specification"). */
const differencing = 4;

/**
 * Refuses a VHD that continues in a parent: QEMU would read it as if the parent were blank.
 * @throws UsageError `image-unsafe`
 */
export async function refuseVhdParent({ path, size, read }: Content): Promise<void> {
  const footer = await read(Math.max(size - 512, 0), 512);
  if (footer.readUInt32BE(60) === differencing) {
    throw unsafeImage(
      path,
      'a differencing VHD, which continues in a parent',
      'merge it into its parent first',
    );
  }
}
