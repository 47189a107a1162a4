import type { DiskDriver } from '../image.ts';

/** The signature of VDI, at byte 64. */
const vdiSignature = 0xbeda107f;
/** Starts a VHD's footer, of which a dynamic VHD has a copy at its start. */
const vhdCookie = 'conectix';

/** The footer of a VHD in its last 512 bytes, or its copy in its first ones; that of Virtual PC before 2004 is one byte shorter. */
export function vhdFooter(sector: Buffer): Buffer | undefined {
  const at = [0, 1].find((one) => sector.toString('latin1', one, one + vhdCookie.length) === vhdCookie);
  return at === undefined ? undefined : sector.subarray(at);
}

/**
 * The QEMU block driver that a disk image's magic calls for; undefined when it has none, as raw disks do.
 * @param head the first 512 bytes
 * @param tail the last 512 bytes; a fixed VHD is told by its footer alone
 */
export function driverOf(head: Buffer, tail: Buffer): Exclude<DiskDriver, 'raw'> | undefined {
  const text = head.toString('latin1', 0, 64);
  if (text.startsWith('QFI\xfb')) return 'qcow2';
  if (text.startsWith('KDMV') || text.startsWith('# Disk DescriptorFile')) return 'vmdk';
  if (text.startsWith('vhdxfile')) return 'vhdx';
  if (head.readUInt32LE(64) === vdiSignature) return 'vdi';
  return text.startsWith(vhdCookie) || vhdFooter(tail) !== undefined ? 'vpc' : undefined;
}
