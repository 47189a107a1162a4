import { findImages } from '../../images/find.ts';
import { buildFlake } from '../../images/flake.ts';
import type { Image } from '../../images/image.ts';
import type { Release } from '../../images/release/release.ts';
import { formatNames } from '../../matrix/formats.ts';
import { lineForTerminal } from '../../report/terminal/clean.ts';
import type { Options } from '../options/options.ts';

interface Located {
  images: Image[];
  /** The directories that they lie in; none for the reference images, which nobody publishes. */
  releases: Release[];
}

/**
 * The images that the command line means: those that it names, or the reference images, built if need be.
 * @throws UsageError for what is not there, is no image or does not build.
 */
export async function locateImages(
  { all, images, flakes }: Options,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<Located> {
  if (images.length > 0 || flakes.length > 0) {
    const built = await buildFlake(flakes, { formats: formatNames, onProgress: print, signal });
    const releases: Release[] = [];
    const found = await findImages([...images, ...built], {
      onRelease: (release) => releases.push(release),
      onIgnored: ({ message }) => print(lineForTerminal(`passed over: ${message}`)),
      onOpening: (path) =>
        print(lineForTerminal(`opening ${path}, whose beginning does not tell what is inside`)),
      signal,
    });
    return { images: found, releases };
  }
  const { buildReferenceImages } = await import('../../../reference/build.ts');
  const built = await buildReferenceImages({ onProgress: print, signal });
  const paths = built.formats.map(({ path }) => path);
  if (!all) return { images: await findImages(paths), releases: [] };
  const { wrapReferenceImages } = await import('../../../reference/wrap.ts');
  const wrapped = await wrapReferenceImages(built.directory, { onProgress: print, signal });
  const more = wrapped.map(({ path }) => path);
  return { images: await findImages([...paths, ...more]), releases: [] };
}
