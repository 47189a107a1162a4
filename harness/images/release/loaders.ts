import { basename } from 'node:path';
import { withContent } from '../content.ts';
import type { DiskImage, Image } from '../image.ts';
import { uefiLoaders } from '../media/esp.ts';
import { readPartitionTable } from '../media/partitions.ts';
import type { Release, ReleaseFinding } from './release.ts';

/** What firmware looks for on an EFI system partition when nobody has told it of a loader (UEFI specification, 3.5.1.1). */
const fallback = { x86_64: 'EFI/BOOT/BOOTX64.EFI', aarch64: 'EFI/BOOT/BOOTAA64.EFI' };

/**
 * Holds the EFI system partitions of disks against the architecture of the image: a machine that has never seen the disk
 * starts its fallback loader, or nothing.
 */
export async function checkLoaders({ images }: Release): Promise<ReleaseFinding> {
  const finding: ReleaseFinding = { faults: [], told: [] };
  for (const image of images) {
    if (!isOpenEfiDisk(image)) continue;
    const { arch, path, driver, virtualSize: size } = image;
    const action = basename(path);
    await withContent({ path, driver, size }, async (content) => {
      const { partitions } = await readPartitionTable(content);
      for (const { start } of partitions.filter(({ isEsp }) => isEsp)) {
        const found = await uefiLoaders(content, start);
        if (found.includes(arch)) finding.told.push(`${action}: ${fallback[arch]} at byte ${start}`);
        else
          finding.faults.push({
            action,
            expected: `${fallback[arch]} on the EFI system partition at byte ${start}`,
            got: found.map((one) => fallback[one]).join(', ') || 'no fallback loader',
          });
      }
    });
  }
  return finding;
}

/** What is in an archive is looked at once that is opened, for its own cell. */
export const isOpenEfiDisk = (image: Image): image is DiskImage =>
  image.kind === 'disk' && image.archive === undefined && image.hasEsp === true;
