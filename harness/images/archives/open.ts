import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable, Transform } from 'node:stream';
import { damagedImage, notBootable } from '../errors.ts';
import type { Archive } from '../image.ts';
import { printable } from '../../printable.ts';
import { decompress } from './compression.ts';
import { explainFailure } from './failure.ts';
import { Budget, type Limits, defaultLimits } from './limits.ts';
import { type Ovf, maxOvf, readOvf, verifyManifest } from './ovf.ts';
import { SparseFile } from './sparse-file.ts';
import { readTar, type TarMember } from './tar.ts';
import { bootDevice, readVma, type VmaDevice } from './vma.ts';

/** What was inside. */
export interface Contents {
  /** Name of the disk's file in the directory. */
  file: string;
  /** What the archive calls it; absent for a file that was only compressed. */
  member?: string;
  /** What the package says of it. */
  ovf?: Ovf;
}

export interface OpenOptions {
  /** @default defaultLimits */
  limits?: Limits;
  /** Takes the share of the archive that was read, 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

interface Opening {
  /** Of the archive, for messages. */
  path: string;
  directory: string;
  stream: Readable;
  budget: Budget;
}

/**
 * Opens an archive: its disk, and nothing else, is in the directory afterwards.
 * @param directory empty; what lies in it after a failure is the caller's to remove
 * @throws UsageError `image-damaged`, `image-unsafe`, `image-not-bootable`; HostError for what the host lacks
 */
export async function openArchive(
  path: string,
  { kind, compression }: Archive,
  directory: string,
  { limits = defaultLimits, onProgress, signal }: OpenOptions = {},
): Promise<Contents> {
  const { size } = await stat(path);
  const late = AbortSignal.timeout(limits.seconds * 1000);
  const source = decompress(path, compression, {
    signal: signal === undefined ? late : AbortSignal.any([signal, late]),
  });
  const budget = new Budget(path, size, limits);
  const stream = counted(source.stream, (bytes) => {
    budget.add(bytes);
    onProgress?.(Math.min(1, source.read() / Math.max(1, size)));
  });
  try {
    return await openers[kind]({ path, directory, stream, budget });
  } catch (error) {
    signal?.throwIfAborted();
    if (late.aborted)
      throw damagedImage(path, 'an archive that opens', `one that takes more than ${limits.seconds} s`);
    throw explainFailure(path, compression, error);
  } finally {
    stream.destroy();
  }
}

/** Tells of each chunk before it passes; what the listener throws ends the stream. */
function counted(stream: Readable, onChunk: (bytes: number) => void): Readable {
  const counter = new Transform({
    transform(chunk: Buffer, _, done) {
      try {
        onChunk(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  return pipeline(stream, counter, () => {});
}

const openers: Record<Archive['kind'], (opening: Opening) => Promise<Contents>> = {
  compressed: openCompressed,
  'google-compute': openGoogleCompute,
  ova: openPackage,
  'vagrant-box': openPackage,
  vma: openVma,
};

async function openCompressed({ directory, stream }: Opening): Promise<Contents> {
  const file = await SparseFile.create(join(directory, 'disk'));
  let at = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      await file.write(chunk, at);
      at += chunk.length;
    }
  } finally {
    await file.close();
  }
  return { file: 'disk' };
}

async function writeMember({ pieces, size }: TarMember, path: string): Promise<void> {
  const file = await SparseFile.create(path);
  try {
    for await (const { at, bytes } of pieces) await file.write(bytes, at);
  } finally {
    await file.close(size);
  }
}

/** The name that Google Compute Engine asks for. */
const googleDisk = 'disk.raw';

async function openGoogleCompute({ path, directory, stream, budget }: Opening): Promise<Contents> {
  let found = false;
  await readTar(path, stream, budget, async (member) => {
    const { name } = member;
    if (name !== googleDisk)
      throw damagedImage(
        path,
        `an archive with ${googleDisk} and nothing else`,
        `one with ${printable(name)}`,
      );
    await writeMember(member, join(directory, 'disk'));
    found = true;
  });
  if (!found) throw damagedImage(path, `an archive with ${googleDisk}`, 'one without');
  return { file: 'disk', member: googleDisk };
}

/** An OVF, its manifest and its disk; Vagrant's box has files of its own beside them. */
async function openPackage({ path, directory, stream, budget }: Opening): Promise<Contents> {
  const files = new Map<string, string>();
  await readTar(path, stream, budget, async (member) => {
    const file = join(directory, `member-${files.size}`);
    files.set(member.name, file);
    await writeMember(member, file);
  });
  const described = [...files.keys()].filter((name) => name.endsWith('.ovf'));
  const [description = ''] = described;
  if (described.length !== 1)
    throw damagedImage(
      path,
      'an archive with one OVF',
      `${described.length === 0 ? 'none' : described.length}`,
    );
  const ovf = readOvf(path, await readText(path, files.get(description) ?? ''));
  const disk = files.get(ovf.disk);
  if (disk === undefined)
    throw damagedImage(path, `the disk ${printable(ovf.disk)} that the OVF names`, 'none of that name');
  const { size } = await stat(disk);
  if (ovf.fileSize !== undefined && ovf.fileSize !== size)
    throw damagedImage(path, `a disk of ${ovf.fileSize} bytes, as the OVF says`, `${size}`);
  const manifest = [...files.keys()].find((name) => name.endsWith('.mf'));
  if (manifest !== undefined) {
    await verifyManifest(path, await readText(path, files.get(manifest) ?? ''), files, [
      description,
      ovf.disk,
    ]);
  }
  await rename(disk, join(directory, 'disk'));
  for (const file of files.values()) if (file !== disk) await rm(file);
  return { file: 'disk', member: ovf.disk, ovf };
}

async function readText(path: string, file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > maxOvf) throw damagedImage(path, 'an OVF and a manifest of some kilobytes', `${size} bytes`);
  return readFile(file, 'utf8');
}

async function openVma({ path, directory, stream, budget }: Opening): Promise<Contents> {
  let wanted: VmaDevice | undefined;
  let file: SparseFile | undefined;
  try {
    await readVma(path, stream, {
      onHeader: async ({ devices }) => {
        for (const { size } of devices) budget.announce(size);
        wanted = bootDevice(devices);
        if (wanted === undefined)
          throw notBootable(
            path,
            'a VMA archive without a disk',
            'give one that has the disk that it boots from',
          );
        file = await SparseFile.create(join(directory, 'disk'));
      },
      onBlocks: async (device, offset, bytes) => {
        if (device === wanted) await file?.write(bytes, offset);
      },
    });
  } finally {
    await file?.close(wanted?.size);
  }
  return { file: 'disk', ...(wanted === undefined ? {} : { member: wanted.name }) };
}
