import { readFile } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import type { NetbootImage } from '../image.ts';
import { type IpxeCommand, ipxeLines } from '../netboot/ipxe-lines.ts';
import { baseName, fetches, lastPart } from '../netboot/ipxe-script.ts';
import type { Release, ReleaseFault, ReleaseFinding } from './release.ts';

/** What a script fetches by an address of its own, and not from where it came from. */
interface Address {
  /** All of it, as the script has it. */
  url: string;
  /** In front of the file's name. */
  base: string;
}

const scriptsOf = ({ images }: Release): NetbootImage[] => images.filter((image) => image.kind === 'netboot');

/** Whether a release has an iPXE script that was made to be fetched from where it is published. */
export async function hasAddresses(release: Release): Promise<boolean> {
  const all = await Promise.all(scriptsOf(release).map(({ script }) => commandsOf(script)));
  return all.flat().some((command) => addressesOf(command).length > 0);
}

/**
 * Holds the text of iPXE scripts against what it must say to boot what is published: whole addresses of one place, and of one
 * release over all scripts, the initrd by the name that the kernel's command line knows it by, and a command that boots.
 * @param tag that the addresses must have. @default any, but one
 */
export async function checkIpxe(release: Release, tag?: string): Promise<ReleaseFinding> {
  const finding: ReleaseFinding = { faults: [], told: [] };
  const bases = new Map<string, string>();
  for (const { script } of scriptsOf(release)) {
    const action = relative(release.directory, script);
    const commands = await commandsOf(script);
    const addresses = commands.flatMap(addressesOf);
    const faults = [
      ...mixFaults(action, commands, addresses),
      ...initrdFaults(action, commands),
      ...bootFaults(action, commands),
      ...tagFaults(action, addresses, tag),
    ];
    finding.faults.push(...faults);
    for (const { url, base } of addresses) {
      if (faults.length === 0) finding.told.push(`${action}: ${url}`);
      bases.set(base, action);
    }
  }
  finding.faults.push(...placeFaults(bases));
  return finding;
}

const commandsOf = async (script: string): Promise<IpxeCommand[]> =>
  ipxeLines(await readFile(script, 'utf8')).flatMap(({ commands }) => commands);

/** What a command fetches; a name that only selects what was fetched before is none. */
const filesOf = ({ name, candidates }: IpxeCommand): string[] => (fetches(name) ? candidates : []);

const addressesOf = (command: IpxeCommand): Address[] =>
  filesOf(command).flatMap((url) => {
    const last = lastPart(url);
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || last === undefined) return [];
    return [{ url, base: url.slice(0, url.length - last.length) }];
  });

/** Kernel and initrd of which one is fetched from elsewhere are those of one build by luck alone. */
function mixFaults(
  action: string,
  commands: readonly IpxeCommand[],
  addresses: readonly Address[],
): ReleaseFault[] {
  const loads = commands.filter(
    ({ name, words }) => /^(?:kernel|initrd|module)$/.test(name) && words.length > 0,
  );
  const plain = loads.find((command) => addressesOf(command).length === 0);
  const [address] = addresses;
  if (plain === undefined || address === undefined) return [];
  const got = filesOf(plain)[0] ?? '';
  return [{ action, expected: `the address of ${got} too, as ${address.url} has one`, got }];
}

/** UEFI's kernel looks for its initrd by the name that its command line has (Linux, Documentation/admin-guide/efi-stub.rst). */
function initrdFaults(action: string, commands: readonly IpxeCommand[]): ReleaseFault[] {
  const loaded = commands.flatMap(({ name, words, candidates }) => {
    if (!/^(?:initrd|module|imgfetch)$/.test(name)) return [];
    const given = words.findIndex((one) => one === '-n' || one === '--name');
    const own = words.find((one) => one.startsWith('--name='))?.slice('--name='.length);
    return [own ?? (given === -1 ? undefined : words[given + 1]) ?? candidates.map(baseName)].flat();
  });
  return commands.flatMap(({ name, words }) => {
    if (!/^(?:kernel|imgargs|imgselect|boot|chain|imgexec)$/.test(name)) return [];
    const wanted = words.flatMap((one) => /^initrd=([^${}]+)$/.exec(one)?.[1]?.split(',') ?? []);
    return wanted
      .filter((one) => !loaded.includes(one))
      .map((one) => ({
        action,
        expected: `an initrd of the name ${one}, which the kernel's command line has`,
        got: loaded.filter((other) => other !== undefined).join(', ') || 'none',
      }));
  });
}

const bootFaults = (action: string, commands: readonly IpxeCommand[]): ReleaseFault[] =>
  commands.some(({ name }) => /^(?:boot|chain|imgexec|autoboot)$/.test(name))
    ? []
    : [{ action, expected: 'a command that boots', got: 'a script that only loads' }];

function tagFaults(action: string, addresses: readonly Address[], tag: string | undefined): ReleaseFault[] {
  if (tag === undefined) return [];
  return addresses
    .filter(({ base }) => !base.split('/').includes(encodeURI(tag)))
    .map(({ url }) => ({ action, expected: `an address of the release ${tag}`, got: url }));
}

/** What is fetched from several places of one server is of several releases; another server may be a mirror. */
function placeFaults(bases: ReadonlyMap<string, string>): ReleaseFault[] {
  const byServer = Map.groupBy(bases, ([base]) => base.split('/').slice(0, 3).join('/'));
  return [...byServer.values()].flatMap(([first, ...others]) =>
    others.map(([got, action]) => ({
      action,
      expected: `addresses below ${first?.[0]} only, as in ${basename(first?.[1] ?? '')}`,
      got,
    })),
  );
}
