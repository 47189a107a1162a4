import { pipeline, type Readable, Transform } from 'node:stream';
import { type Header, extract } from 'tar-stream';
import { BootMatrixError } from '../../errors.ts';
import { damagedImage, unsafeImage } from '../errors.ts';
import { printable } from '../../printable.ts';
import { throughProgram } from './compression.ts';
import { identityOf, type MemberHeader, type Piece, piecesOf } from './sparse-member.ts';
import type { Budget } from './limits.ts';

const block = 512;

/** libarchive reads whatever tar programs write of sparse files, and writes it in one way. It keeps names as they are (-P). */
const paxTar = ['bsdtar', '-cPf', '-', '--format=pax', '@-'];

/**
 * Whether bytes begin a tar archive: a header with its magic and a sum that is right. libarchive takes what is none for
 * other things, lists of the host's files among them.
 */
export function isTar(start: Buffer): boolean {
  if (start.length < block || start.toString('latin1', 257, 262) !== 'ustar') return false;
  const header = Buffer.from(start.subarray(0, block));
  const sum = Number.parseInt(header.toString('latin1', 148, 156).replace(/[\0 ].*$/s, ''), 8);
  header.fill(' ', 148, 156);
  return header.reduce((all, byte) => all + byte, 0) === sum;
}

/** A name in an archive without the `./` that it may begin with. */
const memberName = (name: string): string => name.replace(/^(?:\.\/)+/, '');

/** A file in a tar archive, to be read to its end before the next. */
export interface TarMember {
  name: string;
  /** Bytes. */
  size: number;
  pieces: AsyncIterable<Piece>;
}

/**
 * Reads a tar archive as it comes, whatever a tar program makes of sparse files. Anything but files and directories below
 * it is refused, and so is a name that comes twice.
 * @param path for messages
 * @throws UsageError `image-damaged`, `image-unsafe`
 */
export async function readTar(
  path: string,
  stream: Readable,
  budget: Budget,
  onMember: (member: TarMember) => Promise<void>,
): Promise<void> {
  const end = new End();
  const members = extract();
  // An error anywhere destroys them all, and ends the loop below.
  const read = Promise.withResolvers<Error | undefined>();
  pipeline(stream, end, throughProgram(paxTar), members, (error) => read.resolve(error ?? undefined));
  const names = new Set<string>();
  try {
    for await (const entry of members) {
      budget.addMember();
      const { name: written, size } = identityOf(entry.header as MemberHeader);
      const name = safeName(path, { ...entry.header, name: written });
      if (names.has(name))
        throw damagedImage(path, 'a tar archive in which each name comes once', `two of ${printable(name)}`);
      names.add(name);
      budget.announce(size);
      if (entry.header.type === 'directory') entry.resume();
      else {
        const pieces = piecesOf(entry.header as MemberHeader, entry as AsyncIterable<Buffer>);
        await onMember({ name, size, pieces });
      }
    }
  } catch (error) {
    stream.destroy();
    const first = await read.promise;
    // What went wrong further up is why the rest ended.
    throw error instanceof BootMatrixError ? error : (first ?? error);
  }
  const failure = await read.promise;
  if (failure !== undefined) throw failure;
  if (!end.isBlank)
    throw damagedImage(
      path,
      'a tar archive that ends with zeros',
      'one that is cut off, or has something behind its end',
    );
}

function safeName(path: string, { name, type }: Header): string {
  const shown = printable(name.slice(0, 100));
  const todo = 'build it again without';
  if (type !== 'file' && type !== 'directory' && type !== 'contiguous-file')
    throw unsafeImage(
      path,
      `an archive with ${shown}, which is a ${printable(String(type ?? 'thing of no known kind'))}`,
      todo,
    );
  const plain = memberName(name).replace(/\/$/, '');
  if (name.startsWith('/') || plain.split('/').includes('..') || name.includes('\0'))
    throw unsafeImage(path, `an archive with ${shown}, which leads out of it`, todo);
  return plain;
}

/** Passes everything on, and knows how it ended. */
class End extends Transform {
  #last: Buffer = Buffer.alloc(0);

  override _transform(chunk: Buffer, _: string, done: (error: null, chunk: Buffer) => void): void {
    this.#last =
      chunk.length >= block ? chunk.subarray(-block) : Buffer.concat([this.#last, chunk]).subarray(-block);
    done(null, chunk);
  }

  /** Whether the last block was one of zeros, as every archive's is. */
  get isBlank(): boolean {
    return this.#last.length === block && this.#last.every((byte) => byte === 0);
  }
}

/** What stands first in a tar archive. */
export interface TarBeginning {
  name: string;
  /** Bytes of the file as far as they are there; a sparse one's are not its own. */
  data: Buffer;
  isWhole: boolean;
}

/** The files that the first bytes of a tar archive hold; the last one may be cut off. */
export async function tarBeginning(head: Buffer, most = 64): Promise<TarBeginning[]> {
  const members = extract();
  const found: TarBeginning[] = [];
  members.end(head);
  try {
    for await (const entry of members) {
      const { name, size = 0 } = entry.header;
      const member: TarBeginning = { name: memberName(name), data: Buffer.alloc(0), isWhole: false };
      found.push(member);
      const parts: Buffer[] = [];
      try {
        for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
        member.isWhole = true;
      } finally {
        member.data = Buffer.concat(parts);
        member.isWhole &&= member.data.length === size;
      }
      if (found.length >= most) break;
    }
  } catch {
    // It goes on where these bytes end.
  }
  return found;
}
