import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { withDir } from 'tmp-promise';
import type { Content } from '../content.ts';
import { runProgram } from '../host-program.ts';
import type { Arch } from '../image.ts';
import { isExt } from '../media/ext.ts';
import { kernelOf } from '../media/kernel.ts';
import { extFiles, isPlainPath, type MediumFiles } from './files.ts';
import { findLoaderEntry } from './find.ts';
import { readSyslinuxConfig } from './syslinux.ts';
import type { LoaderEntry } from './entry.ts';

/** Where U-Boot looks on a bootable partition. */
const extlinux = '/boot/extlinux';

/**
 * The architecture of the kernel that a configuration in an ext file system names, for a loader that is not there;
 * undefined where there is no such kernel.
 * @param start of the file system, bytes
 * @param by whose configuration. @default any bootloader's
 */
export async function kernelInside(
  content: Content,
  start: number,
  by?: 'extlinux',
): Promise<Arch | undefined> {
  if (!(await isExt(content, start))) return undefined;
  const { file, offset } = await content.expose(start, content.size - start);
  const files = extFiles(offset === 0 ? file : `${file}?offset=${offset}`);
  const entry = by === 'extlinux' ? await extlinuxEntry(files) : await findLoaderEntry(files);
  return entry === undefined ? undefined : archOf(files, entry);
}

async function extlinuxEntry(files: MediumFiles): Promise<LoaderEntry | undefined> {
  const entry = readSyslinuxConfig((await files.read(`${extlinux}/extlinux.conf`)) ?? '', extlinux);
  return entry !== undefined && [entry.kernel, ...entry.initrds].every(isPlainPath) ? entry : undefined;
}

const archOf = (files: MediumFiles, { kernel }: LoaderEntry): Promise<Arch | undefined> =>
  withDir(
    async ({ path }) => {
      const [program, ...args] = files.copy(kernel, 'kernel');
      await runProgram(program, args, { cwd: path });
      const copy = await open(join(path, 'kernel')).catch(() => undefined);
      if (copy === undefined) return undefined;
      const head = Buffer.alloc(4096);
      await copy.read(head, 0, head.length, 0).finally(() => copy.close());
      return kernelOf(head)?.arch;
    },
    { prefix: 'boot-matrix-kernel-', unsafeCleanup: true },
  );
