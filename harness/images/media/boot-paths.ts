import { hasBootCode } from './boot-code.ts';
import type { Content } from '../content.ts';
import { damagedImage } from '../errors.ts';
import { uefiLoaders } from './esp.ts';
import { fatSize } from './fat.ts';
import type { Arch, BootPaths } from '../image.ts';
import type { PartitionTable } from './partitions.ts';

/** Partitions, and FAT file systems in them, that are looked at; a hostile GPT can have thousands. */
const maxPartitions = 128;
const maxFileSystems = 16;

/** Which ways to start a fixed disk or USB stick its bytes offer. */
export async function diskBootPaths(content: Content, table: PartitionTable): Promise<BootPaths> {
  return { bios: await hasBootCode(content, table), uefi: await loadersOf(content, table) };
}

/**
 * UEFI firmware starts the loader of any FAT file system that it finds, whatever its partition is typed as, and of one
 * that takes the whole disk (EDK2, MdeModulePkg/Universal/Disk/PartitionDxe).
 */
async function loadersOf(content: Content, { partitions }: PartitionTable): Promise<Arch[]> {
  const starts = [...new Set([0, ...partitions.map(({ start }) => start)])];
  refuseTooMany(content, starts.length - 1, maxPartitions, 'partitions');
  const fileSystems: number[] = [];
  for (const start of starts) {
    if (fatSize(await content.read(start, 512)) !== undefined) fileSystems.push(start);
  }
  refuseTooMany(content, fileSystems.length, maxFileSystems, 'FAT file systems');
  const loaders = new Set<Arch>();
  for (const start of fileSystems) {
    for (const arch of await uefiLoaders(content, start)) loaders.add(arch);
  }
  return byArch([...loaders]);
}

/** What is left out might be the one that boots. */
function refuseTooMany({ path }: Content, count: number, most: number, what: string): void {
  if (count > most) throw damagedImage(path, `a disk of at most ${most} ${what}`, `one of ${count}`);
}

/** A PC's first. */
export const byArch = (archs: readonly Arch[]): Arch[] => [...new Set(archs)].sort().reverse();

/** The architecture of what boots these ways: a PC's wherever one can boot it. */
export const archOf = ({ bios, uefi }: BootPaths): Arch =>
  bios || uefi.includes('x86_64') ? 'x86_64' : 'aarch64';
