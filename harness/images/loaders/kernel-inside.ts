import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HostError } from '../../errors.ts';
import type { Content } from '../content.ts';
import { damagedImage } from '../errors.ts';
import { runProgram } from '../host-program.ts';
import type { Arch } from '../image.ts';
import { isExt } from '../media/ext.ts';
import { kernelOf } from '../media/kernel.ts';
import type { LoaderEntry } from './entry.ts';
import { extFiles, type ImageFile, isPlainPath, type MediumFiles } from './files.ts';
import { findLoaderEntry } from './find.ts';
import { readSyslinuxConfig } from './syslinux.ts';

/** Where U-Boot looks on a bootable partition. */
const extlinux = '/boot/extlinux';

/**
 * The architecture of the kernel that a configuration in an ext file system names, for a loader that is not there;
 * undefined where there is no such kernel.
 * @param start of the file system, bytes
 * @param by whose configuration. @default any bootloader's
 * @throws UsageError `image-damaged`
 */
export async function kernelInside(
  content: Content,
  start: number,
  by?: 'extlinux',
): Promise<Arch | undefined> {
  if (!(await isExt(content, start))) return undefined;
  const { directory, name, offset } = await content.expose(start, content.size - start);
  const image: ImageFile = { directory, name: offset === 0 ? name : `${name}?offset=${offset}` };
  const files = extFiles(image);
  try {
    const entry = by === 'extlinux' ? await extlinuxEntry(files) : await findLoaderEntry(files);
    return entry === undefined ? undefined : await archOf(files, entry, directory);
  } catch (error) {
    if (!(error instanceof HostError && error.code === 'medium-unreadable')) throw error;
    throw damagedImage(content.path, 'a whole ext file system', 'one that debugfs cannot read');
  }
}

async function extlinuxEntry(files: MediumFiles): Promise<LoaderEntry | undefined> {
  const entry = readSyslinuxConfig((await files.read(`${extlinux}/extlinux.conf`)) ?? '', extlinux);
  return entry !== undefined && [entry.kernel, ...entry.initrds].every(isPlainPath) ? entry : undefined;
}

async function archOf(
  files: MediumFiles,
  { kernel }: LoaderEntry,
  directory: string,
): Promise<Arch | undefined> {
  const [program, ...args] = files.copy(kernel, 'kernel');
  if (!files.wasCopied(await runProgram(program, args, { cwd: directory }))) return undefined;
  const path = join(directory, 'kernel');
  const copy = await open(path);
  const head = Buffer.alloc(4096);
  await copy.read(head, 0, head.length, 0).finally(() => copy.close());
  await rm(path);
  return kernelOf(head)?.arch;
}
