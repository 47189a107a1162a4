import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Content, withContent } from '../content.ts';
import { damagedImage, notBootable } from '../errors.ts';
import type { Arch, NetbootImage } from '../image.ts';
import { type IpxeScript, readIpxeScript } from './ipxe-script.ts';
import { type Kernel, kernelOf } from '../media/kernel.ts';
import { knownFiles, recognise } from '../known-files.ts';
import { printable } from '../../printable.ts';

interface Beside {
  path: string;
  size: number;
}

/** A longer script is none; bytes. */
const maxScript = 1 << 20;

/** Starts of what Linux unpacks as an initrd: cpio and the compressors of its `lib/decompress.c`. */
const initrdMagics = [
  '07070',
  '\x1f\x8b',
  '\xfd7zXZ\0',
  '\x28\xb5\x2f\xfd',
  'BZh',
  '\x02\x21\x4c\x18',
  '\x5d\0\0',
  '\x89LZO',
];

/** Whether a file is an iPXE script, by its first line. */
export const isIpxeScript = (head: Buffer): boolean =>
  /^#!ipxe\s/.test(`${head.toString('latin1', 0, 16)}\n`);

/**
 * Identifies an iPXE script with the kernel and the initrd that it names beside it; the URLs in front of the
 * names do not matter, since releases are fetched from elsewhere than where they are tested.
 * @throws UsageError `image-damaged`, `image-not-bootable`
 */
export async function identifyNetboot(script: Content): Promise<NetbootImage> {
  const directory = dirname(script.path);
  if (script.size > maxScript) {
    throw damagedImage(script.path, `an iPXE script of at most ${maxScript} bytes`, `${script.size}`);
  }
  const text = (await script.read(0, script.size)).toString('utf8');
  const named = readIpxeScript(text);
  const kernel = await findKernel(script.path, directory, named);
  const arch = await kernelArch(kernel);
  const initrds: Beside[] = [];
  for (const names of named.initrds) {
    const found = await findBeside(script.path, directory, names);
    if (!initrds.some(({ path }) => path === found.path)) initrds.push(found);
  }
  for (const initrd of initrds) await refuseOtherThanInitrd(initrd);
  // Microcode may come in an initrd of its own: the system is in the largest.
  const [initrd] = initrds.toSorted((a, b) => b.size - a.size);
  if (initrd === undefined) {
    throw notBootable(
      script.path,
      'an iPXE script without an initrd line',
      'give one that starts a kernel and an initrd',
    );
  }
  const files = [kernel, ...initrds].map(({ path }) => path);
  return {
    kind: 'netboot',
    path: directory,
    files: [...new Set([...files, script.path])],
    arch,
    kernel: kernel.path,
    initrd: initrd.path,
    initrdSize: initrds.reduce((sum, { size }) => sum + size, 0),
    script: script.path,
  };
}

/** What is chained to need not be a kernel: then it is passed over. */
async function findKernel(
  script: string,
  directory: string,
  { kernels, chained }: IpxeScript,
): Promise<Beside> {
  const plain = kernels.filter((name) => !chained.has(name));
  const found = await lookBeside(directory, plain);
  if (found !== undefined) return found;
  for (const name of chained) {
    const other = await lookBeside(directory, [name]);
    if (other !== undefined && (await kernelAt(other)) !== undefined) return other;
  }
  throw plain.length > 0 ? missing(script, plain) : withoutKernel(script);
}

const withoutKernel = (script: string): Error =>
  notBootable(script, 'an iPXE script without a kernel line', 'give one that starts a kernel and an initrd');

const kernelAt = async ({ path, size }: Beside): Promise<Kernel | undefined> =>
  kernelOf(await withContent({ path, driver: 'raw', size }, ({ read }) => read(0, 4096)));

async function findBeside(script: string, directory: string, names: readonly string[]): Promise<Beside> {
  const found = await lookBeside(directory, names);
  if (found === undefined) throw missing(script, names);
  return found;
}

/** The first of these names that is a file in the directory. */
async function lookBeside(directory: string, names: readonly string[]): Promise<Beside | undefined> {
  for (const name of names) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true) return { path, size: found.size };
  }
  return undefined;
}

const missing = (script: string, names: readonly string[]): Error =>
  damagedImage(
    script,
    `the file ${printable(names.join(' or '))} that the script names beside it`,
    'none of that name',
    'put the kernel and the initrd into the directory of the script',
  );

async function kernelArch({ path, size }: Beside): Promise<Arch> {
  const kernel = await kernelAt({ path, size });
  if (kernel === undefined)
    throw damagedImage(path, 'a Linux kernel', size === 0 ? 'an empty file' : 'something else');
  if (kernel.arch === undefined)
    throw notBootable(path, 'a kernel that is not for x86_64 or aarch64', 'build a 64-bit one');
  if (kernel.size > size) {
    throw damagedImage(
      path,
      `a kernel of ${kernel.size} bytes, as its header says`,
      `${size}: it is truncated`,
    );
  }
  return kernel.arch;
}

async function refuseOtherThanInitrd({ path, size }: Beside): Promise<void> {
  const start = (await withContent({ path, driver: 'raw', size }, ({ read }) => read(0, 512))).toString(
    'latin1',
  );
  if (initrdMagics.some((magic) => start.startsWith(magic))) return;
  const known = recognise(Buffer.from(start, 'latin1'), knownFiles);
  throw damagedImage(
    path,
    'an initrd (cpio, compressed or not)',
    known?.name ?? (size === 0 ? 'an empty file' : 'something else'),
  );
}
