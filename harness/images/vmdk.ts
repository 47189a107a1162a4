import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { damagedImage, unsafeImage } from './errors.ts';
import type { Content } from './content.ts';
import { printable } from '../printable.ts';

/** QEMU reads no longer descriptor than this, bytes. */
const maxDescriptor = 20 * 1024;
const noParent = 'ffffffff';
const oneFile = 'make it one file: qemu-img convert -O vmdk -o subformat=monolithicSparse';

/**
 * Refuses a vmdk that leads to other files of the host, but for flat extents beside it, and lists the files it consists of
 * (VMware, "Virtual Disk Format 5.0").
 * @throws UsageError `image-unsafe`, `image-damaged`
 */
export async function vmdkFiles(file: Content): Promise<string[]> {
  const head = await file.read(0, 64);
  if (head.toString('latin1', 0, 4) !== 'KDMV') {
    const descriptor = await file.read(0, Math.min(file.size, maxDescriptor));
    refuseParent(file.path, descriptor.toString('latin1'));
    return [file.path, ...(await flatExtents(file.path, descriptor.toString('latin1')))];
  }
  // Without a capacity of its own QEMU takes the embedded descriptor's extents, wherever they are.
  if (head.readBigUInt64LE(12) === 0n)
    throw unsafeImage(file.path, 'a vmdk whose data is in other files', oneFile);
  const offset = Number(head.readBigUInt64LE(28)) * 512;
  const length = Math.min(Number(head.readBigUInt64LE(36)) * 512, maxDescriptor);
  if (offset !== 0) refuseParent(file.path, (await file.read(offset, length)).toString('latin1'));
  return [file.path];
}

function refuseParent(path: string, descriptor: string): void {
  const parent = /^\s*parentCID\s*=\s*(\w+)/im.exec(descriptor)?.[1];
  const name = /^\s*parentFileNameHint\s*=\s*"?([^"\n]*)/im.exec(descriptor)?.[1];
  if ((parent ?? noParent).toLowerCase() === noParent && name === undefined) return;
  throw unsafeImage(
    path,
    `a vmdk that continues in a parent (${printable(name ?? `CID ${parent}`)})`,
    oneFile,
  );
}

async function flatExtents(path: string, descriptor: string): Promise<string[]> {
  const lines = descriptor.split('\n').filter((line) => /^\s*(RW|RDONLY|NOACCESS)\s/.test(line));
  if (lines.length === 0)
    throw damagedImage(path, 'a vmdk descriptor that names extents', 'one that names none');
  const files = lines.map(async (line) => {
    const extent = /^\s*\w+\s+(?<sectors>\d+)\s+FLAT\s+"(?<name>[^"]+)"(?:\s+(?<offset>\d+))?\s*$/.exec(
      line,
    )?.groups;
    const name = extent?.['name'] ?? '';
    if (extent === undefined || name.includes('/') || name === '..') {
      throw unsafeImage(path, `a vmdk descriptor with the extent ${printable(line.trim())}`, oneFile);
    }
    const end = (Number(extent['sectors']) + Number(extent['offset'] ?? 0)) * 512;
    const beside = join(dirname(path), name);
    const found = await lstat(beside).catch(() => undefined);
    if (found === undefined || !found.isFile()) {
      throw unsafeImage(path, `a vmdk whose extent ${printable(name)} is no regular file beside it`, oneFile);
    }
    if (found.size < end) {
      throw damagedImage(
        path,
        `${end} bytes in its extent ${printable(name)}`,
        `${found.size}: it is truncated`,
      );
    }
    return beside;
  });
  return Promise.all(files);
}
