import type { UsageError } from '../../errors.ts';
import { OnlyWhole } from '../disk/disk.ts';
import { damagedImage, otherKind } from '../errors.ts';
import type { Archive, Compression, DiskDriver, DiskImage } from '../image.ts';
import { readOvf } from './ovf.ts';
import { tarBeginning } from './tar.ts';

/** Whether an archive describes its disk in an OVF. */
export const isPackage = ({ kind }: Archive): boolean => kind === 'ova' || kind === 'vagrant-box';

/** What an OVF's disk is, by the end of its name. */
const drivers: Record<string, DiskDriver> = { vmdk: 'vmdk', vhd: 'vpc', vdi: 'vdi', qcow2: 'qcow2' };

/**
 * The disk of a package, as its OVF describes it: the file itself shows little before all of it is there.
 * @param bytes the package's beginning
 * @throws UsageError as readOvf; OnlyWhole where the OVF comes later
 */
export async function asPackage(path: string, bytes: Buffer): Promise<DiskImage> {
  const members = await tarBeginning(bytes);
  const description = members.find(({ name, isWhole }) => isWhole && name.endsWith('.ovf'));
  if (description === undefined) throw new OnlyWhole();
  const { disk, capacity, firmware } = readOvf(path, description.data.toString('utf8'));
  const driver = drivers[disk.split('.').at(-1)?.toLowerCase() ?? ''];
  if (driver === undefined) throw new OnlyWhole();
  return {
    kind: 'disk',
    path,
    files: [path],
    arch: 'x86_64',
    driver,
    virtualSize: capacity,
    table: firmware === 'uefi' ? 'gpt' : 'mbr',
    boots: firmware === 'uefi' ? { bios: false, uefi: ['x86_64'] } : { bios: true, uefi: [] },
  };
}

/** What a broken image is called: that must not be passed over. */
const isCalledImage =
  /\.(?:img|iso|qcow2|raw(?:\.tar)?|vdi|vhdx?|vma|vmdk)\.(?:gz|xz|zst)$|\.(?:box|iso|ova)$/i;

/** What a member's name says of the archive that it is in; `todo` is an imperative. */
const kinds = [
  { member: /^oci-layout$/, name: 'an OCI container image', todo: 'run it as a container; it is no machine' },
  {
    member: /^manifest\.json$/,
    name: 'a docker-archive container image',
    todo: 'run it as a container; it is no machine',
  },
];

/**
 * An archive in which no disk is found.
 * @param problem why nothing could be read of it
 * @param names of the files in a tar archive
 * @param known what stands there instead
 */
export function withoutDisk(
  path: string,
  compression: Compression | undefined,
  {
    problem,
    names,
    known,
  }: { problem?: string | undefined; names?: readonly string[]; known?: string | undefined } = {},
): UsageError {
  const compressed = compression === undefined ? '' : `${compression}-compressed`;
  if (problem !== undefined && isCalledImage.test(path))
    return damagedImage(path, `a whole ${compressed} file`, problem);
  if (problem !== undefined)
    return otherKind(
      path,
      `${article(`${compressed} file`.trim())}, but ${problem}`,
      'build or download it again',
    );
  if (names === undefined)
    return otherKind(
      path,
      `${article(`${compressed} file`.trim())} with ${known ?? 'no disk'} in it`,
      'give an image of a disk',
    );
  const kind = kinds.find(({ member }) => names.some((name) => member.test(name)));
  if (kind !== undefined) return otherKind(path, kind.name, kind.todo);
  return otherKind(
    path,
    `${article(`${compressed} tar archive`.trim())} without a disk that is known`,
    'give the disk image inside, if there is one',
  );
}

const article = (words: string): string => `${/^[aeiou]|^xz/.test(words) ? 'an' : 'a'} ${words}`;
