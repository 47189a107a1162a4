import type { DiskDriver } from '../image.ts';

/** The signature of VDI, at byte 64. */
const vdiSignature = 0xbeda107f;
/** Starts a VHD's footer, of which a dynamic VHD has a copy at its start. */
const vhdCookie = 'conectix';

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
  // A footer of Virtual PC before 2004 is one byte shorter.
  const footers = [0, 1].map((at) => tail.toString('latin1', at, at + vhdCookie.length));
  return text.startsWith(vhdCookie) || footers.includes(vhdCookie) ? 'vpc' : undefined;
}
