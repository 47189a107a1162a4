/** Archives made byte by byte, sound ones and such that lie. */
import { createHash } from 'node:crypto';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { execaSync } from 'execa';
import { type Header, pack } from 'tar-stream';
import { ovf } from '../reference/wrap/ovf.ts';
import { vmaExtent, vmaHeader } from '../reference/wrap/vma.ts';
import { legacyDisk } from './images.ts';

export const compress = {
  gzip: (bytes: Buffer): Buffer => gzipSync(bytes),
  // As the program writes it.
  zstd: (bytes: Buffer): Buffer =>
    zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  xz: (bytes: Buffer): Buffer =>
    Buffer.from(execaSync('xz', ['-0c'], { input: bytes, encoding: 'buffer' }).stdout),
};

/** A disk that boots by BIOS, of 18 MiB, more than an archive's beginning, with something in each block. */
export function largeDisk(): Buffer {
  const rest = Buffer.alloc(16 << 20);
  const pattern = createHash('sha512').update('pattern').digest();
  for (let at = 0; at < rest.length; at += 4096) {
    pattern.copy(rest, at + ((at >> 12) % 4000));
    rest.writeUInt32LE(at, at);
  }
  return Buffer.concat([legacyDisk(), rest]);
}

type Member = Partial<Header> & { name: string } & { data?: Buffer | string };

/** A tar archive of these members, whatever their names and kinds are. */
export async function tar(members: readonly Member[]): Promise<Buffer> {
  const archive = pack();
  for (const { data = '', ...header } of members) archive.entry(header, data);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** A raw disk as the vmdk that VirtualBox exports. */
export function vmdk(disk: Buffer, scratch: string): Buffer {
  const script =
    'cat > "$0/in.raw"; qemu-img convert -f raw -O vmdk -o subformat=streamOptimized "$0/in.raw" "$0/out.vmdk"; cat "$0/out.vmdk"; rm "$0/in.raw" "$0/out.vmdk"';
  return Buffer.from(execaSync('sh', ['-c', script, scratch], { input: disk, encoding: 'buffer' }).stdout);
}

export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

export interface PackageSpec {
  disk: Buffer;
  /** Bytes of the disk as the guest sees it. */
  capacity: number;
  /** Changes the OVF. */
  describe?: (text: string) => string;
  /** Changes the manifest, which is of the changed OVF. */
  list?: (text: string) => string;
}

/** The members of an OVA. */
export function ovaMembers({ disk, capacity, describe = String, list = String }: PackageSpec): Member[] {
  const text = describe(ovf({ disk: 'd.vmdk', size: disk.length, capacity }));
  const manifest = list(`SHA256(m.ovf)= ${sha256(text)}\nSHA256(d.vmdk)= ${sha256(disk)}\n`);
  return [
    { name: 'm.ovf', data: text },
    { name: 'd.vmdk', data: disk },
    { name: 'm.mf', data: manifest },
  ];
}

const cluster = 65_536;
const uuid = Buffer.from('0123456789abcdef');

/** The clusters of a disk by their numbers; the last one is filled up. */
export const clustersOf = (disk: Buffer): { number: number; bytes: Buffer }[] =>
  Array.from({ length: Math.ceil(disk.length / cluster) }, (_, number) => {
    const bytes = Buffer.alloc(cluster);
    disk.copy(bytes, 0, number * cluster);
    return { number, bytes };
  });

export interface VmaSpec {
  disk: Buffer;
  /** Bytes that the header says the device has. @default those of the disk */
  size?: number;
  /** @default drive-virtio0 */
  device?: string;
  /** Changes the header, whose checksum is made right again. */
  header?: (header: Buffer) => void;
  /** Changes the list of clusters. */
  clusters?: (clusters: { number: number; bytes: Buffer }[]) => { number: number; bytes: Buffer }[];
  /** Changes the first extent's header, whose checksum is made right again. */
  extent?: (header: Buffer) => void;
}

/** A VMA archive. */
export function vma({
  disk,
  size = disk.length,
  device = 'drive-virtio0',
  header,
  clusters,
  extent,
}: VmaSpec): Buffer {
  const head = vmaHeader(device, size, uuid);
  header?.(head);
  sign(head, 32);
  const all = (clusters ?? ((same) => same))(clustersOf(disk));
  const extents = Array.from({ length: Math.ceil(all.length / 59) }, (_, index) =>
    vmaExtent(all.slice(index * 59, (index + 1) * 59), uuid),
  );
  const [first] = extents;
  if (first !== undefined && extent !== undefined) {
    extent(first);
    sign(first.subarray(0, 512), 24);
  }
  return Buffer.concat([head, ...extents]);
}

/** Puts the MD5 of bytes into them, as it is when zeros stand there. */
function sign(bytes: Buffer, at: number): void {
  bytes.fill(0, at, at + 16);
  createHash('md5').update(bytes).digest().copy(bytes, at);
}
