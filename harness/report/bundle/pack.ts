import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';
import { HostError } from '../../errors.ts';
import { byteOrder } from '../record/record.ts';

/**
 * Packs the files of a directory, and of those below it, into a tar.gz below one name, in byte order. Nobody sees half of it.
 * @throws HostError `report-unwritable`
 */
export async function packDirectory(directory: string, name: string, file: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  const archive = pack();
  try {
    const written = pipeline(archive, createGzip(), createWriteStream(temporary));
    await Promise.all([written, addAll(archive, directory, name)]);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new HostError('report-unwritable', `${file} could not be written: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function addAll(archive: Pack, directory: string, name: string): Promise<void> {
  try {
    const entries = await readdir(directory, { withFileTypes: true, recursive: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
      .sort(byteOrder);
    for (const file of files) {
      const { size, mode, mtime } = await stat(path.join(directory, file));
      const entry = archive.entry({ name: path.posix.join(name, file), size, mode: mode & 0o777, mtime });
      await pipeline(createReadStream(path.join(directory, file)), entry);
    }
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
    throw error;
  }
}
