import { createHash, randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/*
 * Writes Proxmox' archive of a virtual machine (pve-qemu, vma_spec.txt). No package of Debian's does, and what reads it
 * must not be tested with itself: nothing here is shared with the reader.
 */

const block = 4096;
const cluster = 65_536;
const zeros = Buffer.alloc(block);

/** A header with one device and one configuration file; its buffer of names takes 512 bytes. */
export function vmaHeader(device: string, size: number, uuid: Buffer): Buffer {
  const header = Buffer.alloc(12_288 + 512);
  header.write('VMA\0', 0, 'latin1');
  header.writeUInt32BE(1, 4);
  uuid.copy(header, 8);
  header.writeBigInt64BE(1_700_000_000n, 24);
  header.writeUInt32BE(12_288, 48);
  header.writeUInt32BE(512, 52);
  header.writeUInt32BE(header.length, 56);
  let at = 1;
  /** Puts bytes into the buffer, and tells where. */
  const blob = (bytes: Buffer): number => {
    const place = at;
    header.writeUInt16LE(bytes.length, 12_288 + at);
    bytes.copy(header, 12_288 + at + 2);
    at += 2 + bytes.length;
    return place;
  };
  header.writeUInt32BE(blob(Buffer.from('qemu-server.conf\0')), 2044);
  header.writeUInt32BE(blob(Buffer.from('boot: order=virtio0\n')), 3068);
  header.writeUInt32BE(blob(Buffer.from(`${device}\0`)), 4096 + 32);
  header.writeBigUInt64BE(BigInt(size), 4096 + 32 + 8);
  createHash('md5').update(header).digest().copy(header, 32);
  return header;
}

/** An extent of clusters of device 1: the number of each, and its 16 blocks, of which those of zeros are left out. */
export function vmaExtent(clusters: readonly { number: number; bytes: Buffer }[], uuid: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write('VMAE', 0, 'latin1');
  uuid.copy(header, 8);
  const blocks: Buffer[] = [];
  for (const [index, { number, bytes }] of clusters.entries()) {
    let mask = 0;
    for (let bit = 0; bit < 16; bit++) {
      const one = bytes.subarray(bit * block, (bit + 1) * block);
      if (one.equals(zeros)) continue;
      mask |= 1 << bit;
      blocks.push(one);
    }
    header.writeUInt16BE(mask, 40 + index * 8);
    header.writeUInt8(1, 40 + index * 8 + 3);
    header.writeUInt32BE(number, 40 + index * 8 + 4);
  }
  header.writeUInt16BE(blocks.length, 6);
  createHash('md5').update(header).digest().copy(header, 24);
  return Buffer.concat([header, ...blocks]);
}

/** Writes an archive with one disk. */
export async function writeVma(target: string, disk: string, device: string): Promise<void> {
  await using from = await open(disk);
  await using to = await open(target, 'wx');
  const { size } = await from.stat();
  const uuid = randomBytes(16);
  await to.write(vmaHeader(device, size, uuid));
  const count = Math.ceil(size / cluster);
  for (let first = 0; first < count; first += 59) {
    const numbers = Array.from({ length: Math.min(59, count - first) }, (_, index) => first + index);
    const clusters = [];
    for (const number of numbers) clusters.push({ number, bytes: await readCluster(from, number) });
    await to.write(vmaExtent(clusters, uuid));
  }
}

async function readCluster(file: FileHandle, number: number): Promise<Buffer> {
  const bytes = Buffer.alloc(cluster);
  await file.read(bytes, 0, cluster, number * cluster);
  return bytes;
}
