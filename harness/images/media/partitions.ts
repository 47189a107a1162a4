import { crc32 } from 'node:zlib';
import type { Content } from '../content.ts';
import { fatSize } from './fat.ts';

interface Partition {
  /** Bytes from the start of the disk. */
  start: number;
  /** Bytes. */
  size: number;
  /** Flagged for a generic BIOS boot sector: MBR's 0x80. */
  active: boolean;
  /** By its type it is an EFI system partition. */
  isEsp: boolean;
}

export interface PartitionTable {
  kind: 'mbr' | 'gpt' | 'none';
  partitions: Partition[];
  /** What is wrong with it, e.g. that the image ends too early; absent when it is sound. */
  problem?: string;
}

const sector = 512;
const gptProtective = 0xee;
/** The types of an EFI system partition (UEFI specification, 5.2.2 and 5.3.3); the GUID as it lies on a disk. */
const mbrEsp = 0xef;
const gptEsp = '28732ac11ff8d211ba4b00a0c93ec93b';
/** Extended partitions: DOS', Windows', Linux'. */
const extended = new Set([0x05, 0x0f, 0x85]);
/** Logical partitions that are followed; a hostile chain may have no end. */
const maxLogical = 128;
/** What QEMU's firmware reads of entries at most; the standard's 128 entries take 16 KiB. */
const maxEntryBytes = 1 << 20;

/** Whether a boot sector carries the signature that a PC BIOS asks for. */
export const isBootSector = (bytes: Buffer): boolean => bytes.readUInt16LE(510) === 0xaa55;

/** Reads the MBR or GPT of a disk with sectors of 512 bytes, the only ones that the machines have. */
export async function readPartitionTable(content: Content): Promise<PartitionTable> {
  const mbr = await content.read(0, sector);
  const entries = isBootSector(mbr) ? mbrEntries(mbr, content.size) : [];
  // Firmware takes it for a GPT's where it begins in the first sector; the MBR counts otherwise.
  if (entries.some(({ type, first }) => type === gptProtective && first === 1)) return readGpt(content);
  const primary = entries.filter(({ type }) => type !== gptProtective);
  const logical: MbrEntry[] = [];
  for (const entry of primary.filter(({ type }) => extended.has(type)))
    logical.push(...(await logicalEntries(content, entry)));
  const partitions = [...primary, ...logical].map(({ active, first, sectors, type }) => ({
    start: first * sector,
    size: sectors * sector,
    active,
    isEsp: type === mbrEsp,
  }));
  return { kind: partitions.length > 0 ? 'mbr' : 'none', partitions, ...beyondEnd(content, partitions) };
}

interface MbrEntry {
  type: number;
  active: boolean;
  /** Both in sectors. */
  first: number;
  sectors: number;
}

/**
 * The four primary entries; none when they make no sense, since a boot sector may hold code there. Where the first byte of
 * one is not as it should be, or the sector starts a FAT file system too, it is with them as with EDK2 (Mbr.c): they
 * count if they lie on the disk and do not overlap.
 */
function mbrEntries(mbr: Buffer, size: number): MbrEntry[] {
  const all = allEntries(mbr);
  const entries = all.filter(({ type, sectors }) => type !== 0 && sectors !== 0);
  const isPlain = all.every(({ status }) => status === 0 || status === 0x80) && fatSize(mbr) === undefined;
  return isPlain || areApart(entries, size) ? entries : [];
}

function areApart(entries: readonly MbrEntry[], size: number): boolean {
  const sorted = entries.toSorted((a, b) => a.first - b.first);
  return sorted.every(({ first, sectors }, index) => {
    const next = sorted[index + 1];
    return first > 0 && first + sectors <= (next?.first ?? size / sector);
  });
}

/** The partitions in an extended one: each lies behind a boot record that also tells where the next record is. */
async function logicalEntries(content: Content, container: MbrEntry): Promise<MbrEntry[]> {
  const found: MbrEntry[] = [];
  const end = container.first + container.sectors;
  let at = container.first;
  while (found.length < maxLogical) {
    const record = await content.read(at * sector, sector);
    if (!isBootSector(record)) break;
    const [partition, next] = allEntries(record);
    if (partition === undefined || partition.sectors === 0) break;
    const first = at + partition.first;
    if (partition.first === 0 || first + partition.sectors > end) break;
    found.push({ ...partition, first });
    if (next === undefined || !extended.has(next.type) || next.first === 0) break;
    at = container.first + next.first;
  }
  return found;
}

function allEntries(mbr: Buffer): (MbrEntry & { status: number })[] {
  return [446, 462, 478, 494].map((at) => ({
    status: mbr.readUInt8(at),
    active: mbr.readUInt8(at) === 0x80,
    type: mbr.readUInt8(at + 4),
    first: mbr.readUInt32LE(at + 8),
    sectors: mbr.readUInt32LE(at + 12),
  }));
}

async function readGpt(content: Content): Promise<PartitionTable> {
  const broken = (problem: string): PartitionTable => ({ kind: 'gpt', partitions: [], problem });
  const header = await content.read(sector, sector);
  if (header.toString('latin1', 0, 8) !== 'EFI PART') {
    const native4k = (await content.read(4096, 8)).toString('latin1') === 'EFI PART';
    return broken(
      native4k ? 'a GPT for sectors of 4096 bytes, not 512' : 'a protective MBR without a GPT behind it',
    );
  }
  const headerSize = header.readUInt32LE(12);
  const checksum = header.readUInt32LE(16);
  header.writeUInt32LE(0, 16);
  if (headerSize < 92 || headerSize > sector || crc32(header.subarray(0, headerSize)) !== checksum) {
    return broken('a GPT whose header does not match its checksum');
  }
  const [count, entrySize] = [header.readUInt32LE(80), header.readUInt32LE(84)];
  if (entrySize < 128 || count * entrySize > maxEntryBytes) return broken('a GPT with impossible entries');
  const entries = await content.read(Number(header.readBigUInt64LE(72)) * sector, count * entrySize);
  if (crc32(entries) !== header.readUInt32LE(88))
    return broken('a GPT whose entries do not match their checksum');
  const partitions = Array.from({ length: count }, (_, index) => entries.subarray(index * entrySize))
    .filter((entry) => entry.subarray(0, 16).some((byte) => byte !== 0))
    .map((entry) => {
      const first = Number(entry.readBigUInt64LE(32));
      const last = Number(entry.readBigUInt64LE(40));
      const isEsp = entry.toString('hex', 0, 16) === gptEsp;
      return { start: first * sector, size: (last - first + 1) * sector, active: false, isEsp };
    });
  const backup = { start: Number(header.readBigUInt64LE(32)) * sector, size: sector };
  return { kind: 'gpt', partitions, ...beyondEnd(content, [...partitions, backup]) };
}

/** A disk that was cut still has its table at the start, which tells how long it was. */
function beyondEnd({ size }: Content, ranges: { start: number; size: number }[]): { problem?: string } {
  const end = ranges.reduce((most, range) => Math.max(most, range.start + range.size), 0);
  return end > size
    ? { problem: `${size} bytes where its partition table needs ${end}: it is truncated` }
    : {};
}
