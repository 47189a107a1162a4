import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Arch, NetbootImage } from '../../images/image.ts';
import { ipxeLines } from '../../images/netboot/ipxe-lines.ts';
import { baseName, fetches, lastPart } from '../../images/netboot/ipxe-script.ts';
import type { IpxeSource, PxeServer } from '../board/description.ts';
import { findIpxe, ipxePrograms } from './ipxe.ts';

/** The name by which an iPXE that came from the network asks for its script (iPXE src/interface/efi/efi_autoexec.c). */
const autoexec = 'autoexec.ipxe';

/** A name for it that no published file has, which may be an iPXE itself. */
const served = 'boot-matrix-ipxe.efi';

/**
 * Lays out what TFTP serves: links to the published files, under their own names. A script that fetches from the
 * release's address cannot reach it from the closed network, so it is served as a copy that names its neighbours.
 * @param programs what may be served as iPXE, the first that is there. @default where distributions put it
 * @throws HostError `ipxe-missing` when iPXE is to come from the network and the host has none to serve.
 */
export async function preparePxe(
  { path, files, script, arch }: NetbootImage,
  scratch: string,
  source: IpxeSource,
  programs: readonly string[] = ipxePrograms(arch),
): Promise<{ server: PxeServer; notes: string[] }> {
  const directory = join(scratch, 'tftp');
  await mkdir(directory);
  // The script may name any file that lies beside it, not only those that were recognised.
  const beside = (await readdir(path, { withFileTypes: true }))
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(path, entry.name));
  const links = Object.fromEntries([...new Set([...beside, ...files])].map((file) => [basename(file), file]));
  const texts: Record<string, string> = {};
  const notes: string[] = [];

  let bootFile = basename(script);
  const { text, replaced } = useNeighbours(await readFile(script, 'utf8'), Object.keys(links));
  if (replaced.length > 0) {
    delete links[bootFile];
    texts[bootFile] = text;
    notes.push(explain(bootFile, replaced));
  }
  if (source === 'network') {
    delete links[autoexec];
    // An option ROM asks for an address before it boots; iPXE that is loaded leaves it to the script.
    texts[autoexec] = `#!ipxe\ndhcp\n${text}`;
    const program = await findIpxe(arch, programs);
    bootFile = served;
    links[bootFile] = program;
    notes.push(`iPXE was loaded from the network (${program}): ${whyFromNetwork[arch]}.`);
  }
  await Promise.all([
    ...Object.entries(links).map(([name, file]) => symlink(file, join(directory, name))),
    ...Object.entries(texts).map(([name, content]) => writeFile(join(directory, name), content)),
  ]);
  return { server: { source, directory, bootFile, links, texts }, notes };
}

/**
 * An iPXE script with each http(s) URL whose base name is among `names` replaced by that name, whether it stands there
 * or a line that fetches puts it together from settings of the script.
 */
export function useNeighbours(
  script: string,
  names: readonly string[],
): { text: string; replaced: string[] } {
  const replaced: string[] = [];
  const neighbour = (url: string): string | undefined => {
    const name = /^https?:/.test(url) ? baseName(url) : undefined;
    if (name === undefined || !names.includes(name)) return undefined;
    replaced.push(url);
    // As it stood there: iPXE reads escapes in what is no whole URL, too.
    return lastPart(url);
  };
  const asIs = script.replaceAll(/https?:\/\/\S+/g, (url) => neighbour(url) ?? url);
  const text = ipxeLines(asIs).map(({ source, commands }) =>
    commands.reduce((line, { name, words, operand, written }) => {
      if (written === undefined || !fetches(name)) return line;
      // Only iPXE knows what the other words are expanded to.
      return line.replace(written, () => neighbour(words[operand] ?? '') ?? written);
    }, source),
  );
  return { text: text.join('\n'), replaced };
}

const whyFromNetwork: Record<Arch, string> = {
  x86_64: 'the firmware passes over the one in the network card',
  aarch64: "QEMU's network card has none for aarch64",
};

const explain = (bootFile: string, urls: string[]): string =>
  `${bootFile} was served as a copy that loads ${urls.map((url) => baseName(url)).join(' and ')} from beside it ` +
  `instead of ${urls.join(' and ')}, which the closed network does not reach.`;
