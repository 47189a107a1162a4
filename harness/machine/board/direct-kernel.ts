import { open, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HostError } from '../../errors.ts';
import { shortageIn } from '../../shortage.ts';
import { withContent } from '../../images/content.ts';
import { fatSize } from '../../images/media/fat.ts';
import { type ProgramResult, runProgram } from '../../images/host-program.ts';
import type { Arch, DiskImage, Image, NetbootImage } from '../../images/image.ts';
import { readIpxeScript } from '../../images/netboot/ipxe-script.ts';
import { kernelOf } from '../../images/media/kernel.ts';
import type { FilePart } from '../../images/media/pe.ts';
import { type LoaderEntry, withoutInitrdOption } from '../../images/loaders/entry.ts';
import {
  type Command,
  extFiles,
  fatFiles,
  type ImageFile,
  isoFiles,
  type MediumFiles,
} from '../../images/loaders/files.ts';
import { findLoaderEntry } from '../../images/loaders/find.ts';
import { readPartitionTable } from '../../images/media/partitions.ts';
import { rangeOf } from '../../images/disk/qemu-img.ts';
import type { DirectKernel } from './description.ts';

/** Names of what is taken out of an image, in the directory where it is worked on. */
const names = { partition: 'partition.raw', unified: 'unified.efi', kernel: 'kernel', initrd: 'initrd' };
/** File systems that are looked into; a hostile GPT can have thousands of partitions. */
const maxPartitions = 16;

/**
 * Finds what the bootloader of an image starts by default, and takes it out of a copy of its bytes.
 * @param arch of the machine
 * @param directory takes kernel, initrd and, for a while, a file system
 * @returns null where no configuration is found that starts a kernel of that architecture.
 * @throws HostError `program-missing`, `medium-unreadable`, `kernel-not-taken`, or what the host lacks
 */
export async function takeKernel(image: Image, arch: Arch, directory: string): Promise<DirectKernel | null> {
  switch (image.kind) {
    case 'netboot':
      return fromScript(image);
    case 'iso':
      return takeFrom(isoFiles(image.path), [], arch, directory);
    case 'disk':
      return fromDisk(image, arch, directory);
  }
}

async function fromScript({ script, kernel, initrd }: NetbootImage): Promise<DirectKernel> {
  const { kernels, options } = readIpxeScript(await readFile(script, 'utf8'));
  const own = options[kernels.indexOf(basename(kernel))] ?? '';
  return { kernel, initrd, options: withoutInitrdOption(own), make: [] };
}

async function fromDisk(image: DiskImage, arch: Arch, directory: string): Promise<DirectKernel | null> {
  const { path, driver, virtualSize: size } = image;
  const { partitions } = await withContent({ path, driver, size }, readPartitionTable);
  const ranges = partitions.length > 0 ? partitions : [{ start: 0, size }];
  const partition = join(directory, names.partition);
  let unreadable: HostError | undefined;
  for (const range of ranges.slice(0, maxPartitions)) {
    const source = rangeOf(
      { path, driver },
      { offset: range.start, length: Math.min(range.size, size - range.start) },
    );
    const copy: Command = ['qemu-img', 'convert', '-O', 'raw', source, names.partition];
    const { exitCode, stderr } = await run(copy, directory);
    if (exitCode !== 0) throw notTaken(stderr);
    const reader = await fileSystemOf(partition);
    const files = reader?.({ directory, name: names.partition });
    const found =
      files === undefined ? null : await takeFrom(files, [copy], arch, directory).catch(keepUnreadable);
    await rm(partition, { force: true });
    if (found instanceof HostError) unreadable ??= found;
    else if (found !== null) return { ...found, make: [...found.make, ['rm', names.partition]] };
  }
  // It may have been the one with the kernel.
  if (unreadable !== undefined) throw unreadable;
  return null;
}

function keepUnreadable(error: unknown): HostError {
  if (error instanceof HostError && error.code === 'medium-unreadable') return error;
  throw error;
}

/** How the files of a file system are read; null for one that nobody here reads. */
async function fileSystemOf(path: string): Promise<((image: ImageFile) => MediumFiles) | null> {
  const head = Buffer.alloc(2048);
  const file = await open(path);
  await file.read(head, 0, head.length, 0).finally(() => file.close());
  if (fatSize(head) !== undefined) return fatFiles;
  // The magic of ext2 in its superblock at 1024.
  return head.readUInt16LE(1080) === 0xef53 ? extFiles : null;
}

/**
 * @param first commands that bring the file system into the directory
 */
async function takeFrom(
  files: MediumFiles,
  first: readonly Command[],
  arch: Arch,
  directory: string,
): Promise<DirectKernel | null> {
  const entry = await findLoaderEntry(files, { directory, arch });
  if (entry === undefined) return null;
  const take = copies(entry, files);
  // A configuration may name what is not there.
  for (const command of take) {
    const result = await run(command, directory);
    const shortage = shortageIn(result.stderr, '');
    if (shortage !== null && shortage.code !== 'disk-io') throw notTaken(result.stderr);
    if (!files.wasCopied(result)) return null;
  }
  const kernel = join(directory, names.kernel);
  if ((await archOf(kernel)) !== arch) return null;
  return {
    kernel,
    ...(countInitrds(entry) === 0 ? {} : { initrd: join(directory, names.initrd) }),
    options: entry.options,
    make: [...first, ...take],
  };
}

/** Several initrds are one behind the other, as a bootloader has them in memory. */
function copies({ kernel, initrds, unified }: LoaderEntry, files: MediumFiles): Command[] {
  if (unified !== undefined) {
    return [
      files.copy(kernel, names.unified),
      cut([unified.linux], names.kernel),
      ...(unified.initrds.length === 0 ? [] : [cut(unified.initrds, names.initrd)]),
      ['rm', names.unified],
    ];
  }
  if (initrds.length < 2) {
    return [files.copy(kernel, names.kernel), ...initrds.map((initrd) => files.copy(initrd, names.initrd))];
  }
  const parts = initrds.map((_, index) => `${names.initrd}.${index}`);
  return [
    files.copy(kernel, names.kernel),
    ...initrds.map((initrd, index) => files.copy(initrd, parts[index] ?? '')),
    ['sh', '-c', 'cat "$@" > initrd', 'sh', ...parts],
  ];
}

const countInitrds = ({ initrds, unified }: LoaderEntry): number => (unified ?? { initrds }).initrds.length;

/** Takes parts of the unified kernel image out of it, one behind the other. */
function cut(parts: readonly FilePart[], name: string): Command {
  const takes = parts.map(({ offset, size }) => `tail -c +${offset + 1} ${names.unified} | head -c ${size}`);
  return ['sh', '-c', `{ ${takes.join('; ')}; } > ${name}`];
}

async function archOf(kernel: string): Promise<Arch | undefined> {
  const head = Buffer.alloc(4096);
  const file = await open(kernel).catch(() => null);
  if (file === null) return undefined;
  await file.read(head, 0, head.length, 0).finally(() => file.close());
  return kernelOf(head)?.arch;
}

const run = ([program, ...args]: Command, cwd: string): Promise<ProgramResult> =>
  runProgram(program, args, { cwd });

const notTaken = (said: string): HostError =>
  new HostError(
    'kernel-not-taken',
    `The kernel could not be taken out of the image: ${said || 'it took too long'}`,
    {
      hint: 'It needs qemu-utils, and room in the directory for temporary files.',
    },
  );
