import type { Content } from '../content.ts';
import { damagedImage } from '../errors.ts';
import { fatSize } from './fat.ts';
import { runProgram } from '../host-program.ts';
import type { Arch } from '../image.ts';
import { printable } from '../../printable.ts';

/** Loaders that UEFI starts from removable media (UEFI specification, 3.5.1.1), by upper-case file name. */
const removableLoaders: Record<string, Arch> = { 'BOOTX64.EFI': 'x86_64', 'BOOTAA64.EFI': 'aarch64' };

/** What mtools(1) run by: no check of a geometry that images lack, no configuration of a user. */
export const mtools = { MTOOLS_SKIP_CHECK: '1', MTOOLSRC: '/dev/null' };

/** Whether mtools(1) failed since there is no such file; any other failure says nothing of what is there. */
export const isNotThere = (stderr: string): boolean => /^\w+: File ".*" not found$/m.test(stderr);

/**
 * Architectures whose removable-media loader is in the FAT file system at `offset`; none where there is no FAT.
 * @throws UsageError `image-damaged`; HostError where the host is to blame
 */
export async function uefiLoaders(content: Content, offset: number): Promise<Arch[]> {
  const size = fatSize(await content.read(offset, 512));
  if (size === undefined) return [];
  const { directory, name, offset: start } = await content.expose(offset, size);
  const { exitCode, stdout, stderr } = await runProgram(
    'mdir',
    ['-b', '-i', `${name}@@${start}`, '::/EFI/BOOT'],
    { env: mtools, cwd: directory },
  );
  if (exitCode === undefined) {
    throw damagedImage(content.path, 'a whole FAT file system', 'one that mdir did not finish reading');
  }
  if (exitCode !== 0) {
    if (isNotThere(stderr)) return [];
    throw damagedImage(
      content.path,
      'a whole FAT file system',
      `one at byte ${offset} that mdir refuses (${printable(stderr.trim().split('\n', 1)[0] ?? '', 200)})`,
    );
  }
  return archsOfLoaders(stdout);
}

/** @param listing of a directory, a path a line */
export function archsOfLoaders(listing: string): Arch[] {
  const names = listing.split('\n').map((line) => line.slice(line.lastIndexOf('/') + 1).toUpperCase());
  return [...new Set(names.flatMap((name) => removableLoaders[name] ?? []))];
}
