import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { NetbootImage } from '../images/image.ts';
import type { PxeServer } from './description.ts';

/**
 * Lays out what TFTP serves: links to the published files, under their own names. A script that fetches from the
 * release's address cannot reach it from the closed network, so it is served as a copy that names its neighbours.
 */
export async function preparePxe(
  { path, files, script }: NetbootImage,
  scratch: string,
): Promise<{ server: PxeServer; notes: string[] }> {
  const directory = join(scratch, 'tftp');
  await mkdir(directory);
  // The script may name any file that lies beside it, not only those that were recognised.
  const beside = (await readdir(path, { withFileTypes: true }))
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(path, entry.name));
  const links = Object.fromEntries([...new Set([...beside, ...files])].map((file) => [basename(file), file]));

  const bootFile = basename(script);
  const published = await readFile(script, 'utf8');
  const { text, replaced } = useNeighbours(published, Object.keys(links));
  if (replaced.length > 0) {
    delete links[bootFile];
    await writeFile(join(directory, bootFile), text);
  }
  await Promise.all(Object.entries(links).map(([name, file]) => symlink(file, join(directory, name))));
  return {
    server: { directory, bootFile, links, ...(replaced.length > 0 ? { rewritten: text } : {}) },
    notes: replaced.length > 0 ? [explain(bootFile, replaced)] : [],
  };
}

/** An iPXE script with each http(s) URL whose base name is among `names` replaced by that name. */
export function useNeighbours(
  script: string,
  names: readonly string[],
): { text: string; replaced: string[] } {
  const replaced: string[] = [];
  const text = script.replaceAll(/https?:\/\/\S+/g, (url) => {
    const name = baseName(url);
    if (!names.includes(name)) return url;
    replaced.push(url);
    return name;
  });
  return { text, replaced };
}

/** Of a URL, without query and fragment. */
const baseName = (url: string): string => basename(url.replace(/[?#].*/, ''));

const explain = (bootFile: string, urls: string[]): string =>
  `${bootFile} was served as a copy that loads ${urls.map(baseName).join(' and ')} from beside it ` +
  `instead of ${urls.join(' and ')}, which the closed network does not reach.`;
