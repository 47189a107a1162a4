import type { Content } from '../content.ts';
import { isBootSector, type PartitionTable } from './partitions.ts';

/** Where boot code ends and the disk signature and partition table begin. */
const codeEnd = 440;

/** libparted's `mklabel msdos` stub, which only jumps to the active partition's boot sector. */
const partedStub = Buffer.from('fab800108ed0bc00b0b800008ed88ec0fbbe007cbf0006b90002f3a4', 'hex');

/** Boot sectors of file systems that only apologise, or that read themselves again: mkfs.fat's text, mformat's code. */
const apologies = [
  Buffer.from('not a bootable disk'),
  Buffer.from('fa31c08ed88ec0fcb90001be007cbf0080f3a5ea5600', 'hex'),
];

/** Whether a sector holds code that a PC BIOS would start and that leads on. */
export function hasCode(bytes: Buffer): boolean {
  if (!isBootSector(bytes) || apologies.some((apology) => bytes.includes(apology))) return false;
  return bytes.subarray(codeStart(bytes), codeEnd).some((byte) => byte !== 0);
}

/** Behind the parameter block that a boot sector jumps over, or the Apple driver map (`ER`) of an ISO. */
function codeStart(bytes: Buffer): number {
  if (bytes.readUInt8(0) === 0xeb) return 2 + bytes.readUInt8(1);
  if (bytes.readUInt8(0) === 0xe9) return 3 + bytes.readUInt16LE(1);
  return bytes.toString('latin1', 0, 2) === 'ER' ? 32 : 0;
}

/** Whether a PC BIOS can boot this disk; a protective MBR, or one with parted's stub and nothing to jump to, is no boot code. */
export async function hasBootCode(content: Content, { partitions }: PartitionTable): Promise<boolean> {
  const mbr = await content.read(0, 512);
  if (!mbr.subarray(0, partedStub.length).equals(partedStub)) return hasCode(mbr);
  const active = partitions.find((partition) => partition.active);
  return active !== undefined && hasCode(await content.read(active.start, 512));
}
