/** A kind of file that is known and that no machine boots as it is. */
interface KnownFile {
  /** What it is, for a sentence: `got …`. */
  name: string;
  /** Where its magic is, bytes. */
  offset: number;
  /** As latin1. */
  magic: string;
  /** An imperative, e.g. `decompress it first`. */
  todo: string;
}

const unpack = 'give the disk image that is inside';
const wrap = 'build a disk image or an ISO from it';
const convert = 'convert it first: qemu-img convert -O qcow2';

/** Told by the start of the file, before it is taken for a disk. */
export const knownFiles: readonly KnownFile[] = [
  {
    name: 'a gzip-compressed file',
    offset: 0,
    magic: '\x1f\x8b',
    todo: 'decompress it first: gunzip --keep',
  },
  { name: 'an xz-compressed file', offset: 0, magic: '\xfd7zXZ\0', todo: 'decompress it first: unxz --keep' },
  {
    name: 'a zstd-compressed file',
    offset: 0,
    magic: '\x28\xb5\x2f\xfd',
    todo: 'decompress it first: unzstd --keep',
  },
  { name: 'a bzip2-compressed file', offset: 0, magic: 'BZh', todo: 'decompress it first: bunzip2 --keep' },
  {
    name: 'an lz4-compressed file',
    offset: 0,
    magic: '\x04\x22\x4d\x18',
    todo: 'decompress it first: unlz4 --keep',
  },
  {
    name: 'a lzop-compressed file',
    offset: 0,
    magic: '\x89LZO\0',
    todo: 'decompress it first: lzop -d --keep',
  },
  { name: 'a zip archive', offset: 0, magic: 'PK\x03\x04', todo: unpack },
  { name: 'a 7-Zip archive', offset: 0, magic: '7z\xbc\xaf\x27\x1c', todo: unpack },
  { name: 'a Windows image (WIM)', offset: 0, magic: 'MSWIM\0\0\0', todo: wrap },
  {
    name: 'a cpio archive, e.g. an initrd',
    offset: 0,
    magic: '07070',
    todo: 'give the iPXE script beside it',
  },
  { name: 'a QED disk', offset: 0, magic: 'QED\0', todo: convert },
  { name: 'a Parallels disk', offset: 0, magic: 'WithoutFreeSpace', todo: convert },
  { name: 'a Parallels disk', offset: 0, magic: 'WithouFreSpacExt', todo: convert },
  { name: 'a VMware ESX sparse extent', offset: 0, magic: 'COWD', todo: convert },
  {
    name: 'an encrypted LUKS volume',
    offset: 0,
    magic: 'LUKS\xba\xbe',
    todo: 'give the disk that it is a part of',
  },
  { name: 'a squashfs file system', offset: 0, magic: 'hsqs', todo: wrap },
];

/** What a disk without boot code may be instead; file systems leave room for a boot sector, so boot code goes first. */
export const knownFileSystems: readonly KnownFile[] = [
  { name: 'a bare ext2, ext3 or ext4 file system', offset: 1080, magic: '\x53\xef', todo: wrap },
  { name: 'a bare XFS file system', offset: 0, magic: 'XFSB', todo: wrap },
  { name: 'a bare Btrfs file system', offset: 0x10040, magic: '_BHRfS_M', todo: wrap },
  { name: 'a bare EROFS file system', offset: 1024, magic: '\xe2\xe1\xf5\xe0', todo: wrap },
  { name: 'a bare F2FS file system', offset: 1024, magic: '\x10\x20\xf5\xf2', todo: wrap },
  {
    name: 'a UDF file system without ISO 9660',
    offset: 0x8001,
    magic: 'BEA01',
    todo: 'build an ISO 9660 with El Torito boot entries',
  },
  { name: 'a bare NTFS file system', offset: 3, magic: 'NTFS    ', todo: wrap },
];

/** How much of a file the tables above look at, bytes. */
export const knownFileHead = 0x10048;

/** The first row whose magic the head has. */
export function recognise(head: Buffer, table: readonly KnownFile[]): KnownFile | undefined {
  return table.find(({ offset, magic }) => head.toString('latin1', offset, offset + magic.length) === magic);
}
