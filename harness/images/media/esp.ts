import type { Content } from '../content.ts';
import { damagedImage } from '../errors.ts';
import { fatSize } from './fat.ts';
import { runProgram } from '../host-program.ts';
import type { Arch } from '../image.ts';

/** Loaders that UEFI starts from removable media (UEFI specification, 3.5.1.1), by upper-case file name. */
const removableLoaders: Record<string, Arch> = { 'BOOTX64.EFI': 'x86_64', 'BOOTAA64.EFI': 'aarch64' };

/** What mtools(1) run by: no check of a geometry that images lack, no configuration of a user. */
export const mtools = { MTOOLS_SKIP_CHECK: '1', MTOOLSRC: '/dev/null' };

/**
 * Architectures whose removable-media loader is in the FAT file system at `offset`; none where there is no FAT.
 * @throws UsageError `image-damaged`; HostError where the host is to blame
 */
export async function uefiLoaders(content: Content, offset: number): Promise<Arch[]> {
  const size = fatSize(await content.read(offset, 512));
  if (size === undefined) return [];
  const fat = await content.expose(offset, size);
  const image = `${fat.file}@@${fat.offset}`;
  // Exit code 1 also says that there is no such directory: no loader either way.
  const { exitCode, stdout } = await runProgram('mdir', ['-b', '-i', image, '::/EFI/BOOT'], { env: mtools });
  if (exitCode === undefined) {
    throw damagedImage(content.path, 'a whole FAT file system', 'one that mdir did not finish reading');
  }
  const names = stdout.split('\n').map((line) => line.slice(line.lastIndexOf('/') + 1).toUpperCase());
  return [...new Set(names.flatMap((name) => removableLoaders[name] ?? []))].sort().reverse();
}
