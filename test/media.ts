/** Small media made byte by byte, for tests of what an image is. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { execa } from 'execa';

const sector = 512;
/** `C12A7328-F81F-11D2-BA4B-00A0C93EC93B` and Linux's `0FC63DAF-8483-4772-8E79-3D69D8477DE4`, as they lie on a disk. */
const gptTypes = { esp: '28732ac11ff8d211ba4b00a0c93ec93b', linux: 'af3dc60f838472478e793d69d8477de4' };

/** A few instructions (`cli; hlt; jmp -3`): boot code that is nobody's stub. */
export const bootCode = Buffer.from('faf4ebfd', 'hex');

export interface PartitionSpec {
  type: 'esp' | 'linux';
  /** What lies in it, from its first byte. */
  content?: Buffer;
  /** First sector. */
  first: number;
  sectors: number;
  active?: boolean;
}

/** A raw disk with an MBR. */
export function mbrDisk(
  sectors: number,
  partitions: PartitionSpec[],
  code: Buffer = Buffer.alloc(0),
): Buffer {
  const disk = Buffer.alloc(sectors * sector);
  code.copy(disk, 0);
  for (const [index, { type, first, sectors: length, active, content }] of partitions.entries()) {
    const at = 446 + index * 16;
    disk.writeUInt8(active === true ? 0x80 : 0, at);
    disk.writeUInt8(type === 'esp' ? 0xef : 0x83, at + 4);
    disk.writeUInt32LE(first, at + 8);
    disk.writeUInt32LE(length, at + 12);
    content?.copy(disk, first * sector);
  }
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}

/** A raw disk with a protective MBR and both GPTs. */
export function gptDisk(
  sectors: number,
  partitions: PartitionSpec[],
  code: Buffer = Buffer.alloc(0),
): Buffer {
  const disk = mbrDisk(sectors, [{ type: 'linux', first: 1, sectors: sectors - 1 }], code);
  disk.writeUInt8(0xee, 450);
  const entries = Buffer.alloc(128 * 128);
  for (const [index, { type, first, sectors: length, content }] of partitions.entries()) {
    entries.write(gptTypes[type], index * 128, 'hex');
    entries.writeUInt8(index + 1, index * 128 + 16);
    entries.writeBigUInt64LE(BigInt(first), index * 128 + 32);
    entries.writeBigUInt64LE(BigInt(first + length - 1), index * 128 + 40);
    content?.copy(disk, first * sector);
  }
  gptHeader({ at: 1, backup: sectors - 1, entriesAt: 2 }, entries).copy(disk, sector);
  entries.copy(disk, 2 * sector);
  gptHeader({ at: sectors - 1, backup: 1, entriesAt: sectors - 33 }, entries).copy(
    disk,
    (sectors - 1) * sector,
  );
  entries.copy(disk, (sectors - 33) * sector);
  return disk;
}

function gptHeader(
  { at, backup, entriesAt }: { at: number; backup: number; entriesAt: number },
  entries: Buffer,
): Buffer {
  const header = Buffer.alloc(92);
  header.write('EFI PART', 0);
  header.writeUInt32LE(0x10000, 8);
  header.writeUInt32LE(header.length, 12);
  header.writeBigUInt64LE(BigInt(at), 24);
  header.writeBigUInt64LE(BigInt(backup), 32);
  header.writeBigUInt64LE(34n, 40);
  header.writeBigUInt64LE(BigInt(Math.max(at, backup) - 33), 48);
  header.writeBigUInt64LE(BigInt(entriesAt), 72);
  header.writeUInt32LE(128, 80);
  header.writeUInt32LE(128, 84);
  header.writeUInt32LE(crc32(entries), 88);
  header.writeUInt32LE(crc32(header), 16);
  return header;
}

/** Makes a FAT file system of 2 MiB with these files in `EFI/BOOT`, by mtools. */
export async function fatFile(path: string, loaders: string[]): Promise<void> {
  await writeFile(path, Buffer.alloc(2 << 20));
  const mtools = (command: string, args: string[], input = ''): Promise<unknown> =>
    execa(command, ['-i', path, ...args], { input, env: { MTOOLSRC: '/dev/null' } });
  await mtools('mformat', ['-v', 'ESP', '::']);
  await mtools('mmd', ['::/EFI', '::/EFI/BOOT']);
  for (const loader of loaders) await mtools('mcopy', ['-', `::/EFI/BOOT/${loader}`], 'MZ');
}

/** Puts files into a FAT file system that has `/EFI/BOOT` already. */
export async function addToFat(path: string, files: Record<string, string | Buffer>): Promise<void> {
  const mtools = (command: string, args: string[], input: string | Buffer = ''): Promise<unknown> =>
    execa(command, ['-i', path, ...args], { input, env: { MTOOLSRC: '/dev/null' } });
  const made = new Set(['/', '/EFI', '/EFI/BOOT']);
  const make = async (directory: string): Promise<void> => {
    if (made.has(directory)) return;
    await make(dirname(directory));
    await mtools('mmd', [`::${directory}`]);
    made.add(directory);
  };
  for (const [name, content] of Object.entries(files)) {
    await make(dirname(name));
    await mtools('mcopy', ['-o', '-', `::${name}`], content);
  }
}

export interface IsoSpec {
  volumeId?: string;
  /** El Torito entries: the platform id and what the boot image holds. */
  entries?: { platform: number; content: Buffer }[];
  /** The first 512 bytes: an MBR for a hybrid. */
  systemArea?: Buffer;
}

/** The first sector of 2048 bytes that holds an entry's boot image; each takes 1024 sectors. */
const isoBootImageAt = 32;

/** An ISO 9660 medium with volume descriptors and a boot catalog, and nothing to read on it. */
export function iso({ volumeId = 'TEST', entries = [], systemArea }: IsoSpec): Buffer {
  const sectors = isoBootImageAt + entries.length * 1024;
  const medium = Buffer.alloc(sectors * 2048);
  systemArea?.copy(medium, 0);
  const descriptor = (index: number, type: number): Buffer => {
    const at = medium.subarray((16 + index) * 2048, (17 + index) * 2048);
    at.writeUInt8(type, 0);
    at.write('CD001\x01', 1, 'latin1');
    return at;
  };
  const primary = descriptor(0, 1);
  primary.write(volumeId.padEnd(32), 40, 'latin1');
  primary.writeUInt32LE(sectors, 80);
  primary.writeUInt16LE(2048, 128);
  if (entries.length > 0) {
    const record = descriptor(1, 0);
    record.write('EL TORITO SPECIFICATION', 7, 'latin1');
    record.writeUInt32LE(20, 71);
    writeBootCatalog(medium.subarray(20 * 2048, 21 * 2048), entries);
    for (const [index, { content }] of entries.entries())
      content.copy(medium, (isoBootImageAt + index * 1024) * 2048);
  }
  descriptor(entries.length > 0 ? 2 : 1, 255);
  return medium;
}

function writeBootCatalog(catalog: Buffer, entries: { platform: number; content: Buffer }[]): void {
  const platformOfDefault = entries[0]?.platform ?? 0;
  catalog.writeUInt8(1, 0);
  catalog.writeUInt8(platformOfDefault, 1);
  catalog.writeUInt16LE(0xaa55, 30);
  // The sum of all words of the validation entry is zero.
  catalog.writeUInt16LE((0x20000 - 0xaa55 - 1 - (platformOfDefault << 8)) & 0xffff, 28);
  let at = 32;
  for (const [index, { platform, content }] of entries.entries()) {
    if (index > 0) {
      catalog.writeUInt8(index === entries.length - 1 ? 0x91 : 0x90, at);
      catalog.writeUInt8(platform, at + 1);
      catalog.writeUInt16LE(1, at + 2);
      at += 32;
    }
    catalog.writeUInt8(0x88, at);
    catalog.writeUInt16LE(Math.ceil(content.length / sector), at + 6);
    catalog.writeUInt32LE(isoBootImageAt + index * 1024, at + 8);
    at += 32;
  }
}

/** The header of a 64-bit x86 kernel, and no code. */
export function bzImage(length = 4096): Buffer {
  const kernel = Buffer.alloc(length);
  kernel.writeUInt8(1, 497);
  kernel.writeUInt32LE((length - 1024) / 16, 500);
  kernel.writeUInt16LE(0xaa55, 510);
  kernel.write('HdrS', 514, 'latin1');
  kernel.writeUInt16LE(0x020f, 518);
  kernel.writeUInt16LE(1, 566);
  return kernel;
}

/** The header of an arm64 kernel, and no code. */
export function armImage(): Buffer {
  const kernel = Buffer.alloc(4096);
  kernel.write('ARMd', 56, 'latin1');
  return kernel;
}

/** A netboot set as Nix leaves it. */
export async function netbootSet(directory: string, script?: string, kernel = bzImage()): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'bzImage'), kernel);
  await writeFile(join(directory, 'initrd'), Buffer.concat([Buffer.from('070701'), Buffer.alloc(3 << 20)]));
  await writeFile(
    join(directory, 'netboot.ipxe'),
    script ?? '#!ipxe\nkernel bzImage init=/init initrd=initrd\ninitrd initrd\nboot\n',
  );
}
