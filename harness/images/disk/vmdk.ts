import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { damagedImage, unsafeImage } from '../errors.ts';
import type { Content } from '../content.ts';
import { printable } from '../../printable.ts';

/** Where QEMU looks for a parent in a sparse vmdk, whatever its header says, and how far (block/vmdk.c); bytes. */
const embedded = { offset: 512, length: 20 * 512 };
/** QEMU reads up to 1 MiB of a descriptor; a real one has a few lines. Bytes. */
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
    if (file.size > maxDescriptor) {
      throw unsafeImage(file.path, `a vmdk descriptor of ${file.size} bytes`, oneFile);
    }
    // To QEMU it ends with the first zero: behind it stands what was longer before a new CID was written.
    const [descriptor = ''] = (await file.read(0, file.size)).toString('latin1').split('\0', 1);
    refuseParent(file.path, descriptor);
    return [file.path, ...(await flatExtents(file.path, descriptor))];
  }
  // Without a capacity of its own QEMU takes the embedded descriptor's extents, wherever they are.
  if (head.readBigUInt64LE(12) === 0n)
    throw unsafeImage(file.path, 'a vmdk whose data is in other files', oneFile);
  refuseParent(file.path, (await file.read(embedded.offset, embedded.length)).toString('latin1'));
  return [file.path];
}

function refuseParent(path: string, descriptor: string): void {
  const parent = /parentCID\s*=\s*(\w+)/i.exec(descriptor)?.[1];
  // QEMU takes the name wherever the word stands.
  const name = /parentFileNameHint\s*=?\s*"?([^"\n]*)/i.exec(descriptor)?.[1];
  if ((parent ?? noParent).toLowerCase() === noParent && name === undefined) return;
  throw unsafeImage(
    path,
    `a vmdk that continues in a parent (${printable(name ?? `CID ${parent}`)})`,
    oneFile,
  );
}

/** Lines that name no extent. QEMU reads on over the end of a line, so all others are refused. */
const harmless = /^\s*(?:#.*|[\w.]+\s*=.*)?\r?$/;

async function flatExtents(path: string, descriptor: string): Promise<string[]> {
  const lines = descriptor.split('\n').filter((line) => !harmless.test(line));
  if (lines.length === 0)
    throw damagedImage(path, 'a vmdk descriptor that names extents', 'one that names none');
  const files = lines.map(async (line) => {
    const extent =
      /^\s*(?:RW|RDONLY|NOACCESS)\s+(?<sectors>\d+)\s+FLAT\s+"(?<name>[^"]+)"(?:\s+(?<offset>\d+))?\s*$/.exec(
        line,
      )?.groups;
    const name = extent?.['name'] ?? '';
    // A name with a colon is one of QEMU's protocols.
    if (extent === undefined || /[/:]/.test(name) || name === '..') {
      throw unsafeImage(path, `a vmdk descriptor with the line ${printable(line.trim())}`, oneFile);
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
