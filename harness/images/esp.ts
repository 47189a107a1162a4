import type { Content } from './content.ts';
import { fatSize } from './fat.ts';
import { runProgram } from './host-program.ts';
import type { Arch } from './image.ts';

/** Loaders that UEFI starts from removable media (UEFI specification, 3.5.1.1), by upper-case file name. */
const removableLoaders: Record<string, Arch> = { 'BOOTX64.EFI': 'x86_64', 'BOOTAA64.EFI': 'aarch64' };

/** Architectures whose removable-media loader is in the FAT file system at `offset`; none where there is no FAT. */
export async function uefiLoaders(content: Content, offset: number): Promise<Arch[]> {
  const size = fatSize(await content.read(offset, 512));
  if (size === undefined) return [];
  const fat = await content.expose(offset, size);
  // Exit code 1 also says that there is no such directory: no loader either way.
  const { stdout } = await runProgram('mdir', ['-b', '-i', `${fat.file}@@${fat.offset}`, '::/EFI/BOOT'], {
    MTOOLS_SKIP_CHECK: '1',
    MTOOLSRC: '/dev/null',
  });
  const names = stdout.split('\n').map((line) => line.slice(line.lastIndexOf('/') + 1).toUpperCase());
  return [...new Set(names.flatMap((name) => removableLoaders[name] ?? []))].sort().reverse();
}
