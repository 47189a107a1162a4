import { digestFiles } from '../digest.ts';
import type { OpenWhole } from './identify-archive.ts';
import { openImage } from './opened.ts';

/**
 * Opens archives only to say what is inside: the images are still those of the archives.
 * @param options.onOpening told of each
 */
export const openWhole =
  ({ onOpening, signal }: { onOpening?: (path: string) => void; signal?: AbortSignal }): OpenWhole =>
  async (path, archive) => {
    onOpening?.(path);
    const [digest] = await digestFiles([path]);
    const { image, release } = await openImage(path, archive, digest?.sha256 ?? '', { signal });
    await release();
    return { ...image, path };
  };
