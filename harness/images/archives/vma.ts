import { createHash } from 'node:crypto';
import { damagedImage } from '../errors.ts';
import { printable } from '../../printable.ts';

/*
 * Proxmox' archive of a virtual machine, as pve-qemu's vma_spec.txt and vma.h describe it: a header with tables of
 * configuration files and devices, whose names lie in a buffer behind it; then extents, each with a header of 512 bytes
 * that names up to 59 clusters of 64 KiB and which of their blocks of 4 KiB follow. Everything is big-endian but for the
 * lengths in the buffer.
 */

const magic = 'VMA\0';
const extentMagic = 'VMAE';
/** Bytes of the header without its buffer. */
const fixedHeader = 12288;
/** What Proxmox writes comes to some tens of KiB. */
const maxHeader = 4 << 20;
/** Larger than what hosts have room for, and little to keep count of. Bytes. */
const maxDevice = 2n ** 44n;
const extentHeader = 512;
const block = 4096;
const cluster = 16 * block;
const clustersPerExtent = 59;
const tables = { configNames: 2044, configData: 3068, devices: 4096 };

/** Whether bytes begin a VMA archive. */
export const isVma = (start: Buffer): boolean => start.toString('latin1', 0, 4) === magic;

export interface VmaDevice {
  /** 1 to 255. */
  id: number;
  /** E.g. `drive-virtio0`. */
  name: string;
  /** Bytes. */
  size: number;
}

export interface VmaHeader {
  uuid: Buffer;
  devices: VmaDevice[];
  /** Names of the configuration files. */
  configs: string[];
}

/** A block of a device, at its offset there. */
export type VmaBlocks = (device: VmaDevice, offset: number, bytes: Buffer) => Promise<void>;

/**
 * Reads an archive as it comes.
 * @param path for messages
 * @param options.onHeader says whether the devices are wanted
 * @param options.onBlocks takes the blocks of every device, in the archive's order
 * @param options.beginning whether the stream may end anywhere. @default no
 * @throws UsageError `image-damaged`
 */
export async function readVma(
  path: string,
  stream: AsyncIterable<Buffer>,
  options: { onHeader: (header: VmaHeader) => Promise<void>; onBlocks: VmaBlocks; beginning?: boolean },
): Promise<void> {
  const bytes = new Bytes(stream);
  const damaged = (got: string): Error => damagedImage(path, 'a whole VMA archive', got);
  const take = async (length: number, what: string): Promise<Buffer> => {
    const taken = await bytes.take(length);
    if (taken.length < length)
      throw options.beginning === true ? endOfBeginning : damaged(`one that ends in ${what}`);
    return taken;
  };
  try {
    const fixed = await take(fixedHeader, 'its header');
    const size = headerSize(fixed, damaged);
    const header = readHeader(Buffer.concat([fixed, await take(size - fixedHeader, 'its header')]), damaged);
    await options.onHeader(header);
    const seen = new Map(header.devices.map(({ id, size: length }) => [id, new Clusters(length)]));
    while (!(await bytes.ended())) {
      const infos = readExtentHeader(await take(extentHeader, 'an extent'), header.uuid, damaged);
      for (const { id, number, mask } of infos) {
        const device = header.devices.find((one) => one.id === id);
        if (device === undefined) throw damaged(`an extent of device ${id}, which it has not`);
        if (number * cluster >= device.size)
          throw damaged(`cluster ${number} of ${device.name}, which ends before it`);
        if (seen.get(id)?.add(number) !== true) throw damaged(`cluster ${number} of ${device.name} twice`);
        for (const [start, count] of runs(mask)) {
          const data = await take(count * block, 'an extent');
          const offset = number * cluster + start * block;
          const room = device.size - offset;
          if (room <= (count - 1) * block) throw damaged(`blocks behind the end of ${device.name}`);
          await options.onBlocks(device, offset, data.subarray(0, Math.min(data.length, room)));
        }
      }
    }
    for (const { id, name } of header.devices) {
      const missing = seen.get(id)?.missing ?? 0;
      // The state of a running machine comes to what it comes to.
      if (missing > 0 && name !== 'vmstate' && options.beginning !== true)
        throw damaged(`one without ${missing} clusters of ${name}`);
    }
  } catch (error) {
    if (error !== endOfBeginning) throw error;
  }
}

const endOfBeginning = new Error('the beginning ends here');

function headerSize(fixed: Buffer, damaged: (got: string) => Error): number {
  if (!isVma(fixed)) throw damaged('something else');
  const version = fixed.readUInt32BE(4);
  if (version !== 1) throw damaged(`version ${version}, not 1`);
  const size = fixed.readUInt32BE(56);
  if (size <= fixedHeader || size > maxHeader || size % 512 !== 0)
    throw damaged(`a header of ${size} bytes, not ${fixedHeader} to ${maxHeader}`);
  return size;
}

function readHeader(header: Buffer, damaged: (got: string) => Error): VmaHeader {
  const digest = Buffer.from(header.subarray(32, 48));
  header.fill(0, 32, 48);
  if (!createHash('md5').update(header).digest().equals(digest))
    throw damaged('a header that does not match its checksum');
  const at = header.readUInt32BE(48);
  const size = header.readUInt32BE(52);
  if (at < fixedHeader || at + size > header.length)
    throw damaged('a buffer of names that is not in its header');
  const names = header.subarray(at, at + size);
  /** What a pointer into the buffer leads to: its length, then its bytes. */
  const blob = (pointer: number): Buffer => {
    const end =
      pointer + 2 <= names.length ? pointer + 2 + names.readUInt16LE(pointer) : Number.POSITIVE_INFINITY;
    if (pointer === 0 || end > names.length) throw damaged('a name that is not in its header');
    return names.subarray(pointer + 2, end);
  };
  const text = (pointer: number): string =>
    printable((blob(pointer).toString('latin1').split('\0', 1)[0] ?? '').slice(0, 64));
  const configs: string[] = [];
  for (let index = 0; index < 256; index++) {
    const name = header.readUInt32BE(tables.configNames + index * 4);
    const data = header.readUInt32BE(tables.configData + index * 4);
    if (name === 0 || data === 0) continue;
    blob(data);
    configs.push(text(name));
  }
  const devices: VmaDevice[] = [];
  for (let id = 1; id < 256; id++) {
    const entry = tables.devices + id * 32;
    const name = header.readUInt32BE(entry);
    const bytes = header.readBigUInt64BE(entry + 8);
    if (name === 0 && bytes === 0n) continue;
    if (bytes === 0n || bytes > maxDevice) throw damaged(`a device of ${bytes} bytes`);
    devices.push({ id, name: text(name), size: Number(bytes) });
  }
  if (devices.length === 0) throw damaged('one without a device');
  if (new Set(devices.map(({ name }) => name)).size !== devices.length)
    throw damaged('two devices of one name');
  return { uuid: Buffer.from(header.subarray(8, 24)), devices, configs };
}

interface ClusterInfo {
  id: number;
  number: number;
  /** Which of its 16 blocks follow, from the first on. */
  mask: number;
}

function readExtentHeader(header: Buffer, uuid: Buffer, damaged: (got: string) => Error): ClusterInfo[] {
  if (header.toString('latin1', 0, 4) !== extentMagic)
    throw damaged('something that is no extent behind one');
  const digest = Buffer.from(header.subarray(24, 40));
  header.fill(0, 24, 40);
  if (!createHash('md5').update(header).digest().equals(digest))
    throw damaged('an extent that does not match its checksum');
  if (!header.subarray(8, 24).equals(uuid)) throw damaged('an extent of another archive');
  const infos = Array.from({ length: clustersPerExtent }, (_, index) => 40 + index * 8).map((at) => ({
    mask: header.readUInt16BE(at),
    id: header.readUInt8(at + 3),
    number: header.readUInt32BE(at + 4),
  }));
  const present = infos.filter(({ id }) => id !== 0);
  const blocks = present.reduce(
    (sum, { mask }) => sum + runs(mask).reduce((all, [, count]) => all + count, 0),
    0,
  );
  if (blocks !== header.readUInt16BE(6))
    throw damaged('an extent with another number of blocks than it says');
  return present;
}

/** The runs of set bits, lowest first: where each starts, and how long it is. */
function runs(mask: number): [start: number, count: number][] {
  const found: [number, number][] = [];
  for (let bit = 0; bit < 16; bit++) {
    if ((mask & (1 << bit)) === 0) continue;
    const last = found.at(-1);
    if (last !== undefined && last[0] + last[1] === bit) last[1] += 1;
    else found.push([bit, 1]);
  }
  return found;
}

/** Which clusters of a device were seen. */
class Clusters {
  readonly #seen: Uint8Array;
  missing: number;

  /** @param size of the device in bytes */
  constructor(size: number) {
    this.missing = Math.ceil(size / cluster);
    this.#seen = new Uint8Array(Math.ceil(this.missing / 8));
  }

  /** False where it was seen before. */
  add(number: number): boolean {
    const at = number >>> 3;
    const bit = 1 << (number & 7);
    const before = this.#seen[at] ?? 0;
    if ((before & bit) !== 0) return false;
    this.#seen[at] = before | bit;
    this.missing -= 1;
    return true;
  }
}

/** Takes a stream apart in pieces of a wanted length. */
class Bytes {
  readonly #source: AsyncIterator<Buffer>;
  #rest = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#source = stream[Symbol.asyncIterator]();
  }

  /** So many bytes, or fewer where the stream ends. */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let wanted = length;
    while (wanted > 0) {
      if (this.#rest.length === 0 && (await this.ended())) break;
      const part = this.#rest.subarray(0, wanted);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      wanted -= part.length;
    }
    const [only = Buffer.alloc(0)] = parts;
    return parts.length < 2 ? only : Buffer.concat(parts);
  }

  async ended(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#source.next();
      if (done === true) return true;
      this.#rest = value as Buffer<ArrayBuffer>;
    }
    return false;
  }
}

/** The disk that a machine boots from: the first of the drives that Proxmox numbers, in the order in which it tries their buses. */
export function bootDevice(devices: readonly VmaDevice[]): VmaDevice | undefined {
  const disks = devices.filter(({ name }) => /^drive-(?:virtio|scsi|sata|ide)\d+$/.test(name));
  const rank = ({ name }: VmaDevice): number =>
    ['virtio', 'scsi', 'sata', 'ide'].findIndex((bus) => name.includes(bus));
  return disks.toSorted((a, b) => rank(a) - rank(b) || a.id - b.id)[0];
}
