import { posix } from 'node:path';
import type { Arch } from '../image.ts';
import { type BlsEntry, kernelOfBls, readBlsEntry } from './bls.ts';
import { defaultEntry, type Ranked, rankedBy } from './boot-order.ts';
import type { LoaderEntry } from './entry.ts';
import { isPlainPath, type MediumFiles } from './files.ts';
import { readUnified, type UnifiedKernel } from './unified.ts';

/** Where EFI programs that a bootloader starts are copied to, to be looked into. */
export interface Workshop {
  directory: string;
  /** Of the machine. */
  arch: Arch;
}

interface Candidate extends Ranked {
  start: () => Promise<LoaderEntry | undefined> | LoaderEntry | undefined;
}

/** Where systemd-boot finds unified kernel images. */
const unifiedPlace = '/EFI/Linux';

/** What UEFI calls an architecture (UEFI specification, 3.5.1.1; systemd's `architecture` of an entry). */
const efiNames: Record<Arch, string> = { x86_64: 'x64', aarch64: 'aa64' };

/** Files that are read, each by a process of its own: what has more is left alone, since any of the rest may be first. */
const maxEntries = 128;
const maxUnified = 16;

/**
 * What systemd-boot starts by default from this file system; undefined where it has no entries here, or where the first is
 * no kernel.
 * @param place of its `loader.conf`
 * @param workshop absent: unified kernel images are not looked at
 */
export async function systemdBootEntry(
  files: MediumFiles,
  place: string,
  workshop?: Workshop,
): Promise<LoaderEntry | undefined> {
  const conf = (await files.read(`${place}/loader.conf`)) ?? '';
  const isOnEsp = place === '/loader';
  const entries = [
    ...(await fileEntries(files, `${place}/entries`, workshop)),
    ...(isOnEsp && workshop !== undefined ? await unifiedEntries(files, workshop) : []),
  ];
  return defaultEntry(entries, conf)?.start();
}

/** The unified kernel image that firmware starts from this file system without any bootloader; undefined where it is none. */
export async function fallbackKernel(
  files: MediumFiles,
  { directory, arch }: Workshop,
): Promise<LoaderEntry | undefined> {
  const path = `/EFI/BOOT/BOOT${efiNames[arch].toUpperCase()}.EFI`;
  const unified = await readUnified(files, path, directory);
  return unified === undefined ? undefined : fromUnified(path, unified);
}

async function fileEntries(files: MediumFiles, directory: string, workshop?: Workshop): Promise<Candidate[]> {
  const names = startable(await files.list(directory), '.conf');
  if (names.length > maxEntries) return [];
  const candidates: Candidate[] = [];
  for (const name of names) {
    const entry = readBlsEntry((await files.read(`${directory}/${name}`)) ?? '');
    if (entry === undefined || !isFor(entry, workshop) || !(await isThere(files, entry))) continue;
    const { sortKey, machineId, version } = entry;
    const start = (): ReturnType<Candidate['start']> =>
      kernelOfBls(entry) ?? programOf(files, entry, workshop);
    candidates.push({ ...rankedBy(name), sortKey, machineId, version, start });
  }
  return candidates;
}

async function programOf(
  files: MediumFiles,
  { starts, options }: BlsEntry,
  workshop?: Workshop,
): Promise<LoaderEntry | undefined> {
  if (!('program' in starts) || workshop === undefined) return undefined;
  const unified = await readUnified(files, starts.program, workshop.directory);
  return unified === undefined ? undefined : fromUnified(starts.program, unified, options);
}

async function unifiedEntries(files: MediumFiles, { directory }: Workshop): Promise<Candidate[]> {
  const names = startable(await files.list(unifiedPlace), '.efi');
  if (names.length > maxUnified) return [];
  const candidates: Candidate[] = [];
  for (const name of names) {
    const path = `${unifiedPlace}/${name}`;
    const unified = await readUnified(files, path, directory);
    const known = unified?.system === undefined ? undefined : identityOf(unified.system);
    if (unified === undefined || known === undefined) continue;
    candidates.push({ ...rankedBy(name), ...known, start: () => fromUnified(path, unified) });
  }
  return candidates;
}

/** By what an image's os-release says (systemd, src/fundamental/bootspec-fundamental.c); undefined for one without a name. */
function identityOf(system: ReadonlyMap<string, string>): Pick<Ranked, 'sortKey' | 'version'> | undefined {
  const first = (...keys: string[]): string | undefined =>
    keys.map((key) => system.get(key)).find((value) => value !== undefined);
  if (first('PRETTY_NAME', 'IMAGE_ID', 'NAME', 'ID') === undefined) return undefined;
  return {
    sortKey: first('IMAGE_ID', 'ID'),
    version: first('IMAGE_VERSION', 'VERSION', 'VERSION_ID', 'BUILD_ID'),
  };
}

const fromUnified = (
  path: string,
  { linux, initrds, options }: UnifiedKernel,
  own?: string,
): LoaderEntry => ({ kernel: path, initrds: [], options: own ?? options, unified: { linux, initrds } });

/** Names that systemd-boot reads, and that can be given to a program; in byte order. */
const startable = (names: readonly string[], suffix: string): string[] =>
  names
    .filter(
      (name) =>
        !/^(?:\.|auto-)/i.test(name) && name.toLowerCase().endsWith(suffix) && isPlainPath(`/${name}`),
    )
    .sort();

const isFor = ({ architecture }: BlsEntry, workshop?: Workshop): boolean =>
  architecture === undefined ||
  workshop === undefined ||
  architecture.toLowerCase() === efiNames[workshop.arch];

/** An entry for what is not there is left out of the menu. FAT does not tell capital letters from small ones. */
async function isThere(files: MediumFiles, { starts }: BlsEntry): Promise<boolean> {
  const path = 'kernel' in starts ? starts.kernel : starts.program;
  if (!isPlainPath(path)) return false;
  const names = await files.list(posix.dirname(path));
  return names.some((name) => name.toLowerCase() === posix.basename(path).toLowerCase());
}
