import { findImages } from '../../images/find.ts';
import { buildFlake } from '../../images/flake.ts';
import type { Image } from '../../images/image.ts';
import { formatNames } from '../../matrix/formats.ts';
import { lineForTerminal } from '../../report/terminal/clean.ts';
import type { Options } from '../options/options.ts';

/**
 * The images that the command line means: those that it names, or the reference images, built if need be.
 * @throws UsageError for what is not there, is no image or does not build.
 */
export async function locateImages(
  { all, images, flakes }: Options,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<Image[]> {
  if (images.length > 0 || flakes.length > 0) {
    const built = await buildFlake(flakes, { formats: formatNames, onProgress: print, signal });
    return findImages([...images, ...built], {
      onIgnored: ({ message }) => print(lineForTerminal(`passed over: ${message}`)),
      onOpening: (path) =>
        print(lineForTerminal(`opening ${path}, whose beginning does not tell what is inside`)),
      signal,
    });
  }
  const { buildReferenceImages } = await import('../../../reference/build.ts');
  const built = await buildReferenceImages({ onProgress: print, signal });
  if (!all) return findImages(built.formats.map(({ path }) => path));
  const { wrapReferenceImages } = await import('../../../reference/wrap.ts');
  const wrapped = await wrapReferenceImages(built.directory, { onProgress: print, signal });
  return findImages([...built.formats, ...wrapped].map(({ path }) => path));
}
