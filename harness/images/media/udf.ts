import type { Content } from '../content.ts';
import { damagedImage } from '../errors.ts';
import { runProgram } from '../host-program.ts';
import type { Arch } from '../image.ts';
import { printable } from '../../printable.ts';
import { archsOfLoaders } from './esp.ts';

/** Volume recognition stands behind ISO 9660's descriptors, a sector of 2048 bytes each (ECMA-167, 2/8 and 3/3). */
const recognitionAt = 16 * 2048;
const sector = 2048;
const maxDescriptors = 64;

/** `EFI/BOOT` in any case: a tree without Rock Ridge may have capital letters. */
const loaders = '[Ee][Ff][Ii]/[Bb][Oo][Oo][Tt]/*';

/**
 * Architectures whose removable-media loader is on the UDF side of an ISO 9660 medium, which EDK2's firmware reads as well
 * as FAT (MdeModulePkg/Universal/Disk/UdfDxe; OVMF boots it). Both sides of such a medium have the same files, so they are
 * looked for on the ISO 9660 side, by bsdtar(1). None where there is no UDF.
 * @throws UsageError `image-damaged`
 */
export async function uefiLoadersOnUdf(content: Content): Promise<Arch[]> {
  if (!(await hasUdf(content))) return [];
  const { directory, name } = await content.expose(0, content.size);
  const { exitCode, stdout, stderr } = await runProgram('bsdtar', ['-tf', name, '--', loaders], {
    cwd: directory,
  });
  if (exitCode === 0) return archsOfLoaders(stdout);
  const said = stderr.trim().split('\n', 1)[0] ?? '';
  if (exitCode !== undefined && said.endsWith(': Not found in archive')) return [];
  throw damagedImage(
    content.path,
    'a whole ISO 9660 file system',
    exitCode === undefined
      ? 'one that bsdtar did not finish reading'
      : `one that bsdtar refuses (${printable(said, 200)})`,
  );
}

async function hasUdf({ read }: Content): Promise<boolean> {
  for (let index = 0; index < maxDescriptors; index++) {
    const identifier = (await read(recognitionAt + index * sector + 1, 5)).toString('latin1');
    if (identifier === 'NSR02' || identifier === 'NSR03') return true;
    if (!['CD001', 'BEA01', 'BOOT2'].includes(identifier)) return false;
  }
  return false;
}
