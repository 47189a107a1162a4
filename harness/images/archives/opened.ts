import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { withContent } from '../content.ts';
import { damagedImage } from '../errors.ts';
import { identifyContent } from '../identify.ts';
import type { Archive, Image } from '../image.ts';
import { OpenedCache } from './cache.ts';
import { type Contents, openArchive, type OpenOptions } from './open.ts';
import { isPackage } from './packages.ts';
import { retold } from './retold.ts';

/** An archive that is open. */
export interface OpenedImage {
  /** The image inside; its files are still the archive, whose digest the report has. */
  image: Image;
  /** Whether it had been opened before. */
  cached: boolean;
  /** Lets the cache forget it. */
  release: () => Promise<void>;
}

/** Beside the disk, what was known when it was opened. */
const contentsFile = 'contents.json';

/**
 * Opens an archive into the cache, or finds it there, and says what is inside.
 * @param digest SHA-256 of the archive
 * @throws UsageError of any code in errors.ts; HostError for what the host lacks
 */
export async function openImage(
  path: string,
  archive: Archive,
  digest: string,
  options: OpenOptions = {},
): Promise<OpenedImage> {
  const cache = new OpenedCache();
  const { directory, cached, release } = await cache.lease(digest, async (empty) => {
    const contents = await openArchive(path, archive, empty, options);
    await chmod(join(empty, contents.file), 0o444);
    await writeFile(join(empty, contentsFile), JSON.stringify(contents));
    // What is inside is no image: nobody needs it again.
    await identifyInside(path, archive, empty, contents);
  });
  try {
    const contents = JSON.parse(await readFile(join(directory, contentsFile), 'utf8')) as Contents;
    return { image: await identifyInside(path, archive, directory, contents), cached, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function identifyInside(
  path: string,
  archive: Archive,
  directory: string,
  { file, member, ovf }: Contents,
): Promise<Image> {
  const disk = join(directory, file);
  const { size } = await stat(disk);
  const inside = member === undefined ? path : `${path} (${member} inside)`;
  try {
    const image = await withContent({ path: disk, driver: 'raw', size }, (content) =>
      identifyContent(content, { packed: true }),
    );
    if (image.kind === 'netboot' || (image.kind === 'iso' && archive.kind !== 'compressed'))
      throw damagedImage(disk, 'a disk', image.kind === 'iso' ? 'an ISO' : 'an iPXE script');
    if (ovf !== undefined && image.kind === 'disk' && image.virtualSize !== ovf.capacity)
      throw damagedImage(
        disk,
        `a disk of ${ovf.capacity} bytes, as the OVF says`,
        `${image.virtualSize} bytes`,
      );
    return { ...image, files: [path], archive };
  } catch (error) {
    throw error instanceof UsageError ? retold(error, disk, inside) : error;
  }
}

/**
 * Refuses an archive that holds something else than its beginning, or its OVF, said.
 * @throws UsageError `image-damaged` that names both
 */
export function refuseContradiction(path: string, planned: Image, opened: Image): void {
  const [expected, got] = [describe(planned), describe(opened)];
  if (expected === got) return;
  const by = planned.archive !== undefined && isPackage(planned.archive) ? 'OVF' : 'beginning';
  throw damagedImage(path, `${expected}, as its ${by} says`, `${got} once it was opened`);
}

/** What decides on which machines an image boots. */
function describe(image: Image): string {
  const ways = ({ bios, uefi }: { bios: boolean; uefi: readonly string[] }): string =>
    [...(bios ? ['BIOS'] : []), ...uefi.map((arch) => `${arch} UEFI`)].join(' and ') || 'nothing';
  switch (image.kind) {
    case 'disk': {
      const start =
        image.kernelNamedBy === undefined
          ? ways(image.boots)
          : `the kernel that its ${image.kernelNamedBy} names (${image.arch})`;
      return `a ${image.driver} disk that starts by ${start}`;
    }
    case 'iso':
      return `an ISO that starts by ${ways(image.cdrom)} as a CD-ROM and by ${ways(image.usb)} as a stick`;
    case 'netboot':
      return 'a netboot set';
  }
}
