import { damagedImage, notBootable, notClosed, unsafeImage } from '../errors.ts';
import { printable } from '../../printable.ts';
import type { Content } from '../content.ts';

/** Bits of the incompatible features of version 3 (QEMU, docs/interop/qcow2.txt). */
const [dirty, corrupt, externalDataFile] = [1 << 0, 1 << 1, 1 << 2] as const;

const featuresOf = (header: Buffer): number => (header.readUInt32BE(4) === 3 ? header.readUInt32BE(76) : 0);

/**
 * Refuses a qcow2 that names another file of the host, before any program opens it.
 * @throws UsageError `image-unsafe`, `image-damaged`, `image-not-bootable`
 */
export async function refuseQcow2References({ path, size, read }: Content): Promise<void> {
  const header = await read(0, 104);
  const version = header.readUInt32BE(4);
  if (size < 72 || (version !== 2 && version !== 3)) {
    throw damagedImage(
      path,
      'a qcow2 image of version 2 or 3',
      `a header of version ${version} in ${size} bytes`,
    );
  }
  const backingOffset = Number(header.readBigUInt64BE(8));
  if (backingOffset !== 0) {
    const name = await read(backingOffset, Math.min(header.readUInt32BE(16), 1023));
    throw unsafeImage(
      path,
      `a qcow2 that continues in a backing file (${printable(name.toString('latin1'))})`,
      'make it one file: qemu-img convert -O qcow2',
    );
  }
  if ((featuresOf(header) & externalDataFile) !== 0) {
    throw unsafeImage(
      path,
      'a qcow2 whose data is in an external file',
      'make it one file: qemu-img convert -O qcow2',
    );
  }
  if (header.readUInt32BE(32) !== 0) throw notBootable(path, 'an encrypted qcow2', 'decrypt it first');
}

/**
 * Refuses a qcow2 that is in the middle of something: its reference counts may be behind (`lazy_refcounts`), and a check
 * would call it corrupt. One that a machine has open looks the same.
 * @throws UsageError `image-not-closed`
 */
export async function refuseUnclosedQcow2({ path, read }: Content): Promise<void> {
  const features = featuresOf(await read(0, 104));
  if ((features & corrupt) !== 0) throw notClosed(path, 'a qcow2 that QEMU marked as corrupt', 'qcow2');
  if ((features & dirty) !== 0) {
    throw notClosed(path, 'a qcow2 with lazy reference counts that is marked as dirty', 'qcow2');
  }
}
