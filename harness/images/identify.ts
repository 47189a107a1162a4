import type { Content } from './content.ts';
import { identifyDisk, type Origin } from './disk/disk.ts';
import { driverOf } from './disk/driver.ts';
import { damagedImage, otherKind, unknownImage } from './errors.ts';
import type { Image } from './image.ts';
import { descriptorsAt, identifyIso, isVolumeDescriptor } from './media/iso.ts';
import { kernelOf } from './media/kernel.ts';
import { knownFiles, recognise } from './known-files.ts';
import { identifyNetboot, isIpxeScript } from './netboot/netboot.ts';

/**
 * Says by its bytes what a file is that a machine could read as it lies there.
 * @throws UsageError `image-unknown`, `image-other-kind`, `image-not-bootable`, `image-damaged` or `image-unsafe`
 */
export async function identifyContent(file: Content, origin: Origin = {}): Promise<Image> {
  const { path, size } = file;
  if (size === 0) throw unknownImage(path, 'an empty file');
  const head = await file.read(0, 4096);
  const driver = driverOf(head, await file.read(Math.max(size - 512, 0), 512));
  if (driver !== undefined) return identifyDisk(file, driver, origin);
  if (isVolumeDescriptor(await file.read(descriptorsAt, 8))) return identifyIso(file);
  if (isIpxeScript(head)) return identifyNetboot(file);
  const known = recognise(head, knownFiles);
  if (known !== undefined) throw otherKind(path, known.name, known.todo);
  // A kernel has a boot sector's signature too.
  if (kernelOf(head) !== undefined) {
    throw otherKind(
      path,
      'a kernel or EFI program on its own',
      'give the iPXE script beside it, or an image that it is in',
    );
  }
  const disk = await identifyDisk(file, 'raw', origin);
  // Azure looks for the footer there, and a tool that grows the file leaves it behind.
  if (/\.vhd$/i.test(path)) throw damagedImage(path, 'a VHD with its footer at its end', 'none there');
  return disk;
}
