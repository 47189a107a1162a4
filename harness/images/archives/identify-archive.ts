import { UsageError } from '../../errors.ts';
import { type Content, withContent } from '../content.ts';
import { OnlyWhole } from '../disk/disk.ts';
import { damagedImage } from '../errors.ts';
import { identifyContent } from '../identify.ts';
import type { Arch, Archive, Image } from '../image.ts';
import { descriptorsAt, isVolumeDescriptor } from '../media/iso.ts';
import { knownFiles, recognise } from '../known-files.ts';
import { asPackage, isPackage, withoutDisk } from './packages.ts';
import { type Beginning, headLengths, readBeginning, withBeginning } from './beginning.ts';
import { retold } from './retold.ts';
import { isTar, tarBeginning } from './tar.ts';
import { isVma } from './vma.ts';

/** Opens an archive and says what is inside. */
export type OpenWhole = (path: string, archive: Archive) => Promise<Image>;

/**
 * Says by its beginning what is inside of an archive; where that does not tell, the archive is opened.
 * @returns undefined for a file that is no archive
 * @throws UsageError of any code in errors.ts
 */
export async function identifyArchive(file: Content, openWhole: OpenWhole): Promise<Image | undefined> {
  const { path } = file;
  let archive: Archive | undefined;
  for (const length of headLengths) {
    const beginning = await readBeginning(file, length);
    if (beginning === undefined) return undefined;
    const { compression, bytes, problem } = beginning;
    if (bytes.length === 0) throw withoutDisk(path, compression, { problem });
    const { kind } = await kindOf(path, beginning);
    archive = { kind, ...(compression === undefined ? {} : { compression }) };
    try {
      const inside = isPackage(archive) ? await asPackage(path, bytes) : await insideOf(path, archive, bytes);
      if (problem === undefined) return { ...inside, path, files: [path], archive };
    } catch (error) {
      const isOther = error instanceof UsageError && error.code === 'image-other-kind';
      if (isOther || (problem === undefined && !(error instanceof OnlyWhole))) throw error;
    }
    if (problem !== undefined) throw damagedImage(path, `a whole ${compression}-compressed file`, problem);
  }
  return archive === undefined ? undefined : openWhole(path, archive);
}

/** @throws UsageError `image-other-kind` for what holds no disk */
async function kindOf(path: string, { compression, bytes }: Beginning): Promise<Pick<Archive, 'kind'>> {
  if (isVma(bytes)) return { kind: 'vma' };
  if (!isTar(bytes)) return { kind: 'compressed' };
  const names = (await tarBeginning(bytes)).map(({ name }) => name);
  if (names.includes('disk.raw')) return { kind: 'google-compute' };
  const isCalledSo = /\.(?:box|ova)$/i.test(path);
  // The description may come behind the disk.
  if (names.some((name) => name.endsWith('.ovf') || (isCalledSo && name.endsWith('.vmdk'))))
    return { kind: names.includes('metadata.json') || /\.box$/i.test(path) ? 'vagrant-box' : 'ova' };
  throw withoutDisk(path, compression, { names });
}

/** What a disk or an ISO is whose first bytes the archive begins with. */
async function insideOf(path: string, archive: Archive, bytes: Buffer): Promise<Image> {
  return withBeginning(path, archive, bytes, async (head) => {
    try {
      const image = await withContent(
        { path: head, driver: 'raw', size: Number.MAX_SAFE_INTEGER },
        (content) => identifyContent(content, { packed: true, beginning: true, named: archInName(path) }),
      );
      // An ISO's loaders for UEFI may lie further behind.
      if (image.kind === 'iso' && image.cdrom.uefi.length + image.usb.uefi.length === 0)
        throw new OnlyWhole();
      if (image.kind === 'netboot') throw withoutDisk(path, archive.compression);
      if (image.kind === 'disk' && image.driver !== 'raw' && image.driver !== 'qcow2') throw new OnlyWhole();
      return image;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      if (error.code === 'image-unknown' || error.code === 'image-other-kind')
        throw withoutDisk(path, archive.compression, { known: recognise(bytes, knownFiles)?.name });
      // It may only be cut off here.
      if (error.code === 'image-damaged') throw new OnlyWhole();
      // What an ISO starts may lie further behind.
      if (error.code === 'image-not-bootable' && isVolumeDescriptor(bytes.subarray(descriptorsAt)))
        throw new OnlyWhole();
      throw retold(error, head, path);
    }
  });
}

const archNames: readonly (readonly [RegExp, Arch])[] = [
  [/aarch64|arm64/i, 'aarch64'],
  [/x86_64|x86-64|amd64/i, 'x86_64'],
];

const archInName = (path: string): Arch | undefined => archNames.find(([name]) => name.test(path))?.[1];
