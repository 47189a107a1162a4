import { hasBootCode } from './boot-code.ts';
import type { Content } from '../content.ts';
import { uefiLoaders } from './esp.ts';
import type { Arch, BootPaths } from '../image.ts';
import type { PartitionTable } from './partitions.ts';

/** File systems that are looked into; a hostile GPT can have thousands of partitions. */
const maxPartitions = 16;

/** Which ways to start a fixed disk or USB stick its bytes offer. */
export async function diskBootPaths(content: Content, table: PartitionTable): Promise<BootPaths> {
  return { bios: await hasBootCode(content, table), uefi: await loadersOf(content, table) };
}

/** UEFI firmware starts any FAT file system that has the loader; those typed as ESP come first. */
async function loadersOf(content: Content, { kind, partitions }: PartitionTable): Promise<Arch[]> {
  if (kind === 'none') return uefiLoaders(content, 0);
  const typed = partitions.filter(({ esp }) => esp);
  const others = partitions.filter(({ esp }) => !esp);
  for (const { start } of [...typed, ...others].slice(0, maxPartitions)) {
    const loaders = await uefiLoaders(content, start);
    if (loaders.length > 0) return loaders;
  }
  return [];
}

/** The architecture of what boots these ways: a PC's wherever one can boot it. */
export const archOf = ({ bios, uefi }: BootPaths): Arch =>
  bios || uefi.includes('x86_64') ? 'x86_64' : 'aarch64';
