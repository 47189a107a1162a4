import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Content } from '../content.ts';
import { extractRange } from './qemu-img.ts';

const sector = 512;

/**
 * Refuses a raw image that another process writes to; of other formats, `virtualSize` finds it out.
 * @throws UsageError `image-in-use`
 */
export async function refuseInUse({ path, expose }: Content): Promise<void> {
  // Of qemu-img's commands only `convert` wants that nobody else writes to a raw image, as a machine does.
  const { directory } = await expose(0, sector);
  const copy = join(directory, 'first-sector');
  await extractRange({ path, driver: 'raw' }, { offset: 0, length: sector }, copy);
  await rm(copy);
}
