import { identifyArchive, type OpenWhole } from './archives/identify-archive.ts';
import { withContent } from './content.ts';
import { identifyContent } from './identify.ts';
import type { Image } from './image.ts';

/**
 * Says by its bytes what a file is, or what is inside of it.
 * @param file an absolute path and the file's size in bytes
 * @param openWhole opens an archive whose beginning does not tell what is inside
 * @throws UsageError `image-unknown`, `image-other-kind`, `image-not-bootable`, `image-damaged` or `image-unsafe`
 */
export function identifyFile(
  { path, size }: { path: string; size: number },
  openWhole: OpenWhole,
): Promise<Image> {
  return withContent(
    { path, driver: 'raw', size },
    async (file) => (await identifyArchive(file, openWhole)) ?? identifyContent(file),
  );
}
